package dev.migrator.examples.commandline;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Which machines of a plan somebody wants to stay: a ConfigMap beside the statuses.
 *
 * <p>{@code cancel} writes it, {@code run} reads it before its first turn and every few seconds. An
 * entry counts for the run that it names: a plan that begins anew is not cancelled by it.
 */
final class Cancels {

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final MigrationPlan plan;

  /**
   * Looks at the cancels of a plan.
   *
   * @param client the cluster that keeps the statuses
   * @param namespace the namespace of the statuses
   * @param plan the plan
   */
  Cancels(KubernetesClient client, String namespace, MigrationPlan plan) {
    this.client = client;
    this.namespace = namespace;
    this.name =
        "migrator-cancels-" + UUID.nameUUIDFromBytes(plan.id().getBytes(StandardCharsets.UTF_8));
    this.plan = plan;
  }

  /** The cancels of a session's plan. */
  static Cancels of(Session session) {
    return new Cancels(session.source(), session.file().statusNamespace(), session.plan());
  }

  /**
   * The machines that are cancelled in this run: here, or in the plan file.
   *
   * @throws KubernetesClientException when the cluster does not answer
   */
  MigrationPlan applied() {
    ConfigMap recorded = map().get();
    Map<String, String> entries =
        recorded == null || recorded.getData() == null ? Map.of() : recorded.getData();
    List<VmRef> cancelled =
        plan.vms().stream()
            .map(PlannedVm::source)
            .filter(vm -> plan.run().equals(entries.get(key(vm))))
            .toList();
    return plan.cancel(cancelled);
  }

  /**
   * Records that machines are to stay; what others recorded is kept.
   *
   * @param vms the machines, by their identity on the source
   * @throws KubernetesClientException when the cluster does not answer, or refuses
   */
  void record(Collection<VmRef> vms) {
    Map<String, String> entries = new TreeMap<>();
    vms.forEach(vm -> entries.put(key(vm), plan.run()));
    if (map().get() == null && create(entries)) {
      return;
    }
    map()
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client.getKubernetesSerialization().asJson(Map.of("data", entries)));
  }

  /** Makes the ConfigMap; false when somebody else just did. */
  private boolean create(Map<String, String> entries) {
    ConfigMap fresh =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .addToAnnotations("migrator.dev/plan", plan.id())
            .endMetadata()
            .withData(entries)
            .build();
    try {
      client.resource(fresh).create();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == 409) {
        return false;
      }
      throw e;
    }
  }

  private Resource<ConfigMap> map() {
    return client.configMaps().inNamespace(namespace).withName(name);
  }

  /** A namespace has no dot, so the first one ends it. */
  private static String key(VmRef vm) {
    return vm.namespace() + "." + vm.name();
  }
}
