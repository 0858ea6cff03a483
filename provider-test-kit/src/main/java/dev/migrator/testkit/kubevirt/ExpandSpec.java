package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.AdmissionDenied;
import dev.migrator.testkit.apiserver.ApiServer;
import dev.migrator.testkit.apiserver.SubresourceHandler;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET virtualmachines/NAME/expand-spec}: the VM with CPU, memory, machine type and disk bus
 * of its instance type and preference written out, and without the two matchers. Other fields of
 * the two are left out; it looks at the objects, not at their revisions.
 */
final class ExpandSpec implements SubresourceHandler {

  private static final String TYPES = "instancetype.kubevirt.io/v1beta1";

  private final Function<Side, KubernetesClient> clients;

  private ExpandSpec(Function<Side, KubernetesClient> clients) {
    this.clients = clients;
  }

  static void registerIn(ApiServer server, Function<Side, KubernetesClient> clients) {
    server.subresource(
        "subresources.kubevirt.io", "virtualmachines", "expand-spec", new ExpandSpec(clients));
  }

  @Override
  public Map<String, Object> handle(Request call) {
    KubernetesClient client = clients.apply(call.side());
    GenericKubernetesResource vm =
        require(
            client
                .genericKubernetesResources("kubevirt.io/v1", "VirtualMachine")
                .inNamespace(call.namespace())
                .withName(call.name())
                .get(),
            call.name());
    KubernetesSerialization serialization = client.getKubernetesSerialization();
    Map<String, Object> tree = map(serialization.unmarshal(serialization.asJson(vm), Map.class));
    Map<String, Object> spec = child(tree, "spec");
    Map<String, Object> domain = child(child(child(spec, "template"), "spec"), "domain");
    if (spec.remove("instancetype") instanceof Map<?, ?> matcher) {
      sizes(found(client, call.namespace(), map(matcher), "Instancetype"), domain);
    }
    if (spec.remove("preference") instanceof Map<?, ?> matcher) {
      preferences(found(client, call.namespace(), map(matcher), "Preference"), domain);
    }
    return tree;
  }

  private static void sizes(GenericKubernetesResource type, Map<String, Object> domain) {
    Map<String, Object> cpu = child(domain, "cpu");
    cpu.put("sockets", type.get("spec", "cpu", "guest"));
    cpu.put("cores", 1);
    cpu.put("threads", 1);
    child(domain, "memory").put("guest", type.get("spec", "memory", "guest"));
  }

  private static void preferences(
      GenericKubernetesResource preference, Map<String, Object> domain) {
    Object machine = preference.get("spec", "machine", "preferredMachineType");
    if (machine != null) {
      child(domain, "machine").putIfAbsent("type", machine);
    }
    Object bus = preference.get("spec", "devices", "preferredDiskBus");
    if (bus != null && child(domain, "devices").get("disks") instanceof List<?> disks) {
      for (Object disk : disks) {
        if (disk instanceof Map<?, ?> each && each.get("disk") instanceof Map<?, ?> target) {
          map(target).putIfAbsent("bus", bus);
        }
      }
    }
  }

  private static GenericKubernetesResource found(
      KubernetesClient client, String namespace, Map<String, Object> matcher, String what) {
    String name = String.valueOf(matcher.get("name"));
    boolean namespaced = ("VirtualMachine" + what).equalsIgnoreCase(text(matcher.get("kind")));
    return require(
        namespaced
            ? client
                .genericKubernetesResources(TYPES, "VirtualMachine" + what)
                .inNamespace(namespace)
                .withName(name)
                .get()
            : client
                .genericKubernetesResources(TYPES, "VirtualMachineCluster" + what)
                .withName(name)
                .get(),
        name);
  }

  private static GenericKubernetesResource require(
      @Nullable GenericKubernetesResource object, String name) {
    if (object == null) {
      throw new AdmissionDenied(404, "NotFound", "\"" + name + "\" not found");
    }
    return object;
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static Map<String, Object> child(Map<String, Object> tree, String field) {
    Object child = tree.computeIfAbsent(field, key -> new java.util.LinkedHashMap<>());
    return map(child);
  }

  @SuppressWarnings("unchecked") // JSON has no other keys than strings
  private static Map<String, Object> map(Object tree) {
    return (Map<String, Object>) tree;
  }
}
