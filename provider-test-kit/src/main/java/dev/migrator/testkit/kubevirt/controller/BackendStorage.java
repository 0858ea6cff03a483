package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The claim in which KubeVirt keeps a guest's persistent vTPM and EFI variables. */
public final class BackendStorage {
  private static final String LABEL = "persistent-state-for";

  private BackendStorage() {}

  static boolean needed(Thing vmi) {
    return vmi.truth("spec.domain.devices.tpm.persistent")
        || vmi.truth("spec.domain.firmware.bootloader.efi.persistent");
  }

  /** The claim of a VMI, or null. */
  public static @Nullable Thing claim(Site site, Thing vmi) {
    for (Thing claim : site.store().all(Kind.CLAIM)) {
      if (claim.namespace().equals(vmi.namespace()) && claim.label(LABEL).equals(vmi.name())) {
        return claim;
      }
    }
    return null;
  }

  /** The claim's name, or empty. */
  static String claimOf(Site site, Thing vmi) {
    Thing claim = claim(site, vmi);
    return claim == null ? "" : claim.name();
  }

  /** Makes the claim where the VMI needs one and has none. */
  static void ensure(Site site, Thing vmi) {
    if (!needed(vmi) || !claimOf(site, vmi).isEmpty()) {
      return;
    }
    Thing claim =
        Thing.create(
                Kind.CLAIM,
                vmi.namespace(),
                site.generated("persistent-state-for-" + vmi.name() + "-"))
            .label(LABEL, vmi.name());
    Thing vm = site.store().find(Kind.VM, vmi.namespace(), vmi.name());
    if (vm != null) {
      claim.ownedBy(vm);
    }
    claim
        .set("spec.volumeMode", "Filesystem")
        .set("spec.resources", Json.object("requests", Json.object("storage", "10Mi")));
    for (Thing kubevirt : site.store().all(Kind.KUBEVIRT)) {
      String named = kubevirt.text("spec.configuration.vmStateStorageClass");
      if (!named.isEmpty()) {
        claim.set("spec.storageClassName", named);
      }
    }
    boolean shared =
        site.world()
            .storageOf(claim.text("spec.storageClassName"))
            .accessModes()
            .contains("ReadWriteMany");
    claim.set("spec.accessModes", List.of(shared ? "ReadWriteMany" : "ReadWriteOnce"));
    site.store().create(Kind.CLAIM, claim);
  }
}
