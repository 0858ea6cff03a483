package dev.migrator.examples.toybox;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The toy machines of one cluster: ConfigMaps with {@code running} (what is wanted), {@code state}
 * (what is) and {@code disk} (what must not be lost).
 */
final class ToyMachines {

  static final String PLAN = "toybox.example/plan";
  static final String MOVED = "toybox.example/moved-to";
  static final String RUNNING = "running";
  static final String STATE = "state";
  static final String DISK = "disk";

  private final Side side;
  private final Supplier<KubernetesClient> client;

  ToyMachines(Side side, Supplier<KubernetesClient> client) {
    this.side = side;
    this.client = client;
  }

  Optional<ConfigMap> find(VmRef vm) {
    return Optional.ofNullable(
        client.get().configMaps().inNamespace(vm.namespace()).withName(vm.name()).get());
  }

  ConfigMap get(VmRef vm) {
    return find(vm)
        .orElseThrow(
            () ->
                MigrationException.permanent(
                    "MachineGone",
                    "Machine " + vm + " is not on the " + side + " side; was it deleted?"));
  }

  /** Creates the stopped copy of a machine, or adopts the one that this plan made. */
  ConfigMap ensureCopy(MigrationPlan plan, VmRef vm, ConfigMap original) {
    ConfigMap there = find(vm).orElse(null);
    if (there == null) {
      ConfigMap copy =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace(vm.namespace())
              .withName(vm.name())
              .addToLabels(PLAN, plan.id())
              .endMetadata()
              .addToData(original.getData())
              .build();
      return client.get().resource(copy).create();
    }
    if (!isOf(plan, there)) {
      throw MigrationException.permanent(
          "Collision",
          "ConfigMap " + vm + " is on the " + side + " side and is not ours; rename or remove it.");
    }
    return there;
  }

  /** What a machine says about itself, or nothing. */
  static String read(ConfigMap machine, String key) {
    return machine.getData().getOrDefault(key, "");
  }

  /** Changes one entry; refused by the server when somebody else changed the machine meanwhile. */
  void set(ConfigMap machine, String key, String value) {
    if (!value.equals(read(machine, key))) {
      update(new ConfigMapBuilder(machine).addToData(key, value).build());
    }
  }

  /** Marks a machine as moved: its cluster does not start it any more. */
  void markMoved(ConfigMap machine, VmRef to) {
    update(
        new ConfigMapBuilder(machine)
            .editMetadata()
            .addToAnnotations(MOVED, to.toString())
            .endMetadata()
            .build());
  }

  /** Deletes a machine if it is still as it was read. */
  void delete(ConfigMap machine) {
    client
        .get()
        .resource(machine)
        .lockResourceVersion(machine.getMetadata().getResourceVersion())
        .delete();
  }

  ObjectRef ref(ConfigMap machine) {
    return new ObjectRef(
        side,
        "v1",
        "ConfigMap",
        machine.getMetadata().getNamespace(),
        machine.getMetadata().getName(),
        machine.getMetadata().getUid());
  }

  static boolean isMoved(ConfigMap machine) {
    Map<String, String> annotations = machine.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(MOVED);
  }

  static boolean isOf(MigrationPlan plan, ConfigMap machine) {
    Map<String, String> labels = machine.getMetadata().getLabels();
    return labels != null && plan.id().equals(labels.get(PLAN));
  }

  private void update(ConfigMap changed) {
    client.get().resource(changed).update();
  }
}
