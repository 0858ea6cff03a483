package dev.migrator.examples.quickstart;

import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one cluster says about a virtual machine, read once.
 *
 * @param vm the machine
 * @param exists whether there is a VirtualMachine of that name
 * @param runStrategy how KubeVirt is told to run it; {@code -} when it does not exist
 * @param guest where the guest runs, or why it does not
 * @param running whether the guest runs: its instance is Running and Ready
 * @param uuid the firmware's UUID as the guest sees it; {@code -} when unknown
 * @param macs the MAC address of each interface that has one
 */
record VmFacts(
    VmRef vm,
    boolean exists,
    String runStrategy,
    String guest,
    boolean running,
    String uuid,
    Map<String, String> macs) {

  /** What stands for something that is not there, or not known. */
  static final String NONE = "-";

  VmFacts {
    macs = new TreeMap<>(macs);
  }

  static VmFacts read(KubernetesClient client, VmRef vm) {
    GenericKubernetesResource machine = get(client, Kinds.VM, vm);
    GenericKubernetesResource instance = get(client, Kinds.INSTANCE, vm);
    Map<String, String> macs = new TreeMap<>();
    if (machine != null) {
      collect(machine, macs, "spec", "template", "spec", "domain", "devices", "interfaces");
    }
    if (instance != null) {
      collect(instance, macs, "spec", "domain", "devices", "interfaces");
      collect(instance, macs, "status", "interfaces");
    }
    return new VmFacts(
        vm,
        machine != null,
        machine == null ? NONE : runStrategy(machine),
        guest(instance),
        isRunning(instance),
        uuid(machine, instance),
        macs);
  }

  private static @Nullable GenericKubernetesResource get(
      KubernetesClient client, ResourceDefinitionContext kind, VmRef vm) {
    return client
        .genericKubernetesResources(kind)
        .inNamespace(vm.namespace())
        .withName(vm.name())
        .get();
  }

  private static String runStrategy(GenericKubernetesResource machine) {
    String strategy = machine.<String>get("spec", "runStrategy");
    if (strategy != null) {
      return strategy;
    }
    return Boolean.TRUE.equals(machine.<Object>get("spec", "running")) ? "running: true" : "Halted";
  }

  private static String guest(@Nullable GenericKubernetesResource instance) {
    if (instance == null) {
      return "does not run";
    }
    String phase = instance.<String>get("status", "phase");
    String node = instance.<String>get("status", "nodeName");
    return isRunning(instance)
        ? "runs" + (node == null ? "" : " on " + node)
        : "instance is " + (phase == null ? "new" : phase);
  }

  private static boolean isRunning(@Nullable GenericKubernetesResource instance) {
    return instance != null
        && "Running".equals(instance.<String>get("status", "phase"))
        && maps(instance.<Object>get("status", "conditions")).stream()
            .anyMatch(
                condition ->
                    "Ready".equals(condition.get("type"))
                        && "True".equals(condition.get("status")));
  }

  private static String uuid(
      @Nullable GenericKubernetesResource machine, @Nullable GenericKubernetesResource instance) {
    String uuid =
        instance == null ? null : instance.<String>get("spec", "domain", "firmware", "uuid");
    if (uuid == null && machine != null) {
      uuid = machine.<String>get("spec", "template", "spec", "domain", "firmware", "uuid");
    }
    return uuid == null ? NONE : uuid;
  }

  private static void collect(
      GenericKubernetesResource from, Map<String, String> into, Object... path) {
    for (Map<?, ?> entry : maps(from.<Object>get(path))) {
      Object mac = entry.containsKey("macAddress") ? entry.get("macAddress") : entry.get("mac");
      if (mac instanceof String text && entry.get("name") instanceof String name) {
        into.put(name, text);
      }
    }
  }

  private static List<Map<?, ?>> maps(@Nullable Object list) {
    return list instanceof List<?> entries
        ? entries.stream().<Map<?, ?>>mapMulti(VmFacts::ifMap).toList()
        : List.of();
  }

  private static void ifMap(Object entry, java.util.function.Consumer<Map<?, ?>> sink) {
    if (entry instanceof Map<?, ?> map) {
      sink.accept(map);
    }
  }
}
