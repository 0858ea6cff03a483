package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.controller.BackendStorage;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Judges a run by what stands in the API servers alone (contract 11.3): never two of one guest,
 * nothing of the source gone before the guest runs elsewhere, nothing left behind.
 *
 * <p>The simulator shows it every state that its actors reach; a test reads {@link #violations} at
 * its end. Safe for use by several threads.
 */
public final class Oracles {
  private static final List<Kind> KEPT =
      List.of(
          Kind.VM,
          Kind.VMI,
          Kind.VMIM,
          Kind.POD,
          Kind.CLAIM,
          Kind.DATA_VOLUME,
          Kind.SECRET,
          Kind.CONFIG_MAP,
          Kind.INSTANCETYPE,
          Kind.PREFERENCE);

  private static final List<Map<String, Object>> NONE = List.of();

  private final Map<Side, Site> sites;
  private final Set<String> violations = new LinkedHashSet<>();
  private final Map<String, Precious> precious = new HashMap<>();
  private final Map<String, String> digests = new HashMap<>();
  private final Set<String> sharedState = new HashSet<>();

  /** A VM or claim of the source, with the guest that it belongs to. */
  private record Precious(String what, String uuid) {}

  Oracles(Map<Side, Site> sites) {
    this.sites = new EnumMap<>(sites);
  }

  /** What went wrong so far, a sentence each; empty is good. */
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  /** The guests that run now, source's first; reads both clusters. */
  public List<Guest> guests() {
    List<Guest> guests = new ArrayList<>();
    sites.forEach(
        (side, site) ->
            collect(
                side,
                site.store().fetchAll(Kind.VMI, ""),
                site.store().fetchAll(Kind.POD, ""),
                guests));
    return guests;
  }

  /** The names of all objects in a namespace of a cluster, such as {@code Secret/web-user}. */
  public Set<String> objects(Side side, String namespace) {
    Set<String> names = new TreeSet<>();
    Site site = site(side);
    for (Kind kind : KEPT) {
      for (Thing thing :
          site
              .store()
              .client()
              .genericKubernetesResources(kind.context())
              .inNamespace(namespace)
              .list()
              .getItems()
              .stream()
              .map(Thing::of)
              .toList()) {
        names.add(kind.kind() + "/" + thing.name());
      }
    }
    return names;
  }

  /** All VMs, VMIs, halves and launchers of both clusters with what moves them, for messages. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    sites.forEach(
        (side, site) -> {
          for (Kind kind : List.of(Kind.VM, Kind.VMI, Kind.VMIM, Kind.POD)) {
            for (Thing thing : site.store().fetchAll(kind, "")) {
              text.append(side).append(' ').append(line(thing)).append('\n');
            }
          }
        });
    return text.toString();
  }

  private static String line(Thing thing) {
    StringBuilder text = new StringBuilder(thing.toString());
    text.append(' ').append(thing.text("status.phase")).append(thing.text("spec.runStrategy"));
    text.append(' ').append(thing.text("status.printableStatus"));
    text.append(thing.deleting() ? " Terminating" : "");
    text.append(' ').append(thing.meta().getFinalizers());
    thing
        .maps("status.conditions")
        .forEach(
            each ->
                text.append(' ')
                    .append(each.get("type"))
                    .append('=')
                    .append(each.get("status"))
                    .append('(')
                    .append(each.getOrDefault("reason", ""))
                    .append(')'));
    return text.append(' ').append(thing.map(Vmis.STATE)).toString();
  }

  private Site site(Side side) {
    Site site = sites.get(side);
    if (site == null) {
      throw new IllegalArgumentException("There is no simulated cluster for " + side);
    }
    return site;
  }

  /** Looks at the actors' snapshot; called after every round. */
  synchronized void observe() {
    List<Guest> guests = new ArrayList<>();
    sites.forEach(
        (side, site) ->
            collect(side, site.store().all(Kind.VMI), site.store().all(Kind.POD), guests));
    twins(guests);
    losses(guests);
    corruptions();
  }

  /**
   * A container disk's overlay is copied onto another backing image where the tag stands for
   * another digest on the target: KubeVirt calls that a success, the guest does not.
   */
  private void corruptions() {
    Site target = sites.get(Side.TARGET);
    if (target == null) {
      return;
    }
    for (Thing vmi : target.store().all(Kind.VMI)) {
      boolean arrived =
          "Running".equals(Vmis.phase(vmi))
              && Vmis.isCompleted(vmi)
              && !Vmis.flag(vmi, "failed")
              && Vmis.state(vmi, "targetState.virtualMachineInstanceUID").equals(vmi.uid());
      if (arrived) {
        lostState(vmi, target);
      }
      for (Map<String, Object> volume : arrived ? vmi.maps("spec.volumes") : NONE) {
        String image = Json.text(volume, "containerDisk.image");
        String came = digests.get(digestKey(vmi, volume));
        if (came != null && !target.world().digestOf(image).equals(came)) {
          violations.add(
              "Disk %s of %s is corrupt: image %s is another one than where the guest came from"
                  .formatted(Json.text(volume, "name"), vmi, image));
        }
      }
    }
  }

  /** The state of a TPM on a claim that both sides could share is not copied (contract 5). */
  private void lostState(Thing vmi, Site target) {
    String uuid = vmi.text("spec.domain.firmware.uuid");
    if (sharedState.contains(uuid) && isShared(BackendStorage.claim(target, vmi))) {
      violations.add("The TPM state of " + vmi + " is lost: it was kept on shared claims");
    }
  }

  private static boolean isShared(@Nullable Thing claim) {
    return claim != null && Json.texts(claim.at("spec.accessModes")).contains("ReadWriteMany");
  }

  private static String digestKey(Thing vmi, Map<String, Object> volume) {
    return vmi.text("spec.domain.firmware.uuid") + "/" + Json.text(volume, "name");
  }

  private void twins(List<Guest> guests) {
    Map<String, Guest> seen = new HashMap<>();
    for (Guest guest : guests) {
      Guest twin = seen.put(guest.uuid(), guest);
      if (twin != null) {
        violations.add(
            "Two guests with UUID %s run: %s %s/%s and %s %s/%s"
                .formatted(
                    guest.uuid(),
                    twin.side(),
                    twin.namespace(),
                    twin.name(),
                    guest.side(),
                    guest.namespace(),
                    guest.name()));
      }
    }
  }

  private void losses(List<Guest> guests) {
    Site source = sites.get(Side.SOURCE);
    if (source == null) {
      return;
    }
    for (Map.Entry<String, Precious> entry : List.copyOf(precious.entrySet())) {
      String uid = entry.getKey();
      Precious kept = entry.getValue();
      boolean there =
          source.store().byUid(Kind.VM, uid) != null
              || source.store().byUid(Kind.CLAIM, uid) != null;
      if (there) {
        continue;
      }
      precious.remove(uid);
      boolean elsewhere =
          guests.stream()
              .anyMatch(each -> each.side() == Side.TARGET && each.uuid().equals(kept.uuid()));
      if (!elsewhere) {
        violations.add(kept.what() + " of the source is gone, and its guest runs nowhere else");
      }
    }
    for (Guest guest : guests) {
      if (guest.side() == Side.SOURCE) {
        remember(source, guest);
      }
    }
  }

  private void remember(Site source, Guest guest) {
    Thing vm = source.store().find(Kind.VM, guest.namespace(), guest.name());
    Thing vmi = source.store().find(Kind.VMI, guest.namespace(), guest.name());
    if (vm == null || vmi == null) {
      return;
    }
    precious.put(vm.uid(), new Precious(vm.toString(), guest.uuid()));
    if (isShared(BackendStorage.claim(source, vmi))) {
      sharedState.add(guest.uuid());
    }
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      String image = Json.text(volume, "containerDisk.image");
      if (!image.isEmpty()) {
        digests.put(digestKey(vmi, volume), source.world().digestOf(image));
      }
      Thing claim = source.store().find(Kind.CLAIM, guest.namespace(), Vmis.claimOf(volume));
      if (claim != null) {
        precious.put(claim.uid(), new Precious(claim.toString(), guest.uuid()));
      }
    }
  }

  private static void collect(Side side, List<Thing> vmis, List<Thing> pods, List<Guest> guests) {
    for (Thing vmi : vmis) {
      boolean movedAway =
          Vmis.state(vmi, "sourceState.virtualMachineInstanceUID").equals(vmi.uid())
              && !Vmis.flag(vmi, "failed")
              && !Vmis.state(vmi, "targetNodeDomainReadyTimestamp").isEmpty();
      if (!"Running".equals(Vmis.phase(vmi)) || movedAway) {
        continue;
      }
      boolean launched =
          pods.stream()
              .anyMatch(
                  pod ->
                      pod.label(Vmis.CREATED_BY_LABEL).equals(vmi.uid())
                          && "Running".equals(pod.text("status.phase")));
      if (launched) {
        guests.add(guest(side, vmi));
      }
    }
  }

  private static Guest guest(Side side, Thing vmi) {
    List<String> macs = new ArrayList<>();
    vmi.maps("status.interfaces").forEach(each -> macs.add(Json.text(each, "mac")));
    List<String> volumes = new ArrayList<>();
    vmi.maps("spec.volumes").forEach(each -> volumes.add(Json.text(each, "name")));
    String cpu = "spec.domain.cpu.";
    return new Guest(
        side,
        vmi.namespace(),
        vmi.name(),
        vmi.text("spec.domain.firmware.uuid"),
        vmi.text("spec.domain.firmware.serial"),
        macs,
        vmi.text("status.machine.type"),
        String.join(
            "/",
            vmi.text(cpu + "model"),
            number(vmi, cpu + "sockets"),
            number(vmi, cpu + "cores"),
            number(vmi, cpu + "threads")),
        volumes);
  }

  private static String number(Thing vmi, String path) {
    String text = vmi.text(path);
    return text.isEmpty() ? "1" : text;
  }
}
