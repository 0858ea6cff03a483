package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What an administrator of a real API server says about machines that are made in one namespace;
 * taken back when closed.
 */
final class Policies implements AutoCloseable {

  private static final String API = "admissionregistration.k8s.io/v1";

  /** A server heeds a policy some moments after it was made. */
  private static final int MOST_LOOKS = 300;

  private final KubernetesClient client;
  private final String namespace;
  private final Deque<GenericKubernetesResource> made = new ArrayDeque<>();

  Policies(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** No machine is made there, for this reason. */
  void refuse(String why) {
    policy(
        "ValidatingAdmissionPolicy",
        Map.of("validations", List.of(Map.of("expression", "false", "message", why))));
  }

  /** Each machine is changed by a patch, as CEL writes it. */
  void change(String patch) {
    policy(
        "MutatingAdmissionPolicy",
        Map.of(
            "reinvocationPolicy",
            "Never",
            "mutations",
            List.of(
                Map.of(
                    "patchType",
                    "JSONPatch",
                    "jsonPatch",
                    Map.of("expression", "[" + patch + "]")))));
  }

  /** Looks until a concern of this code is found. */
  Concern until(String code, Supplier<List<Concern>> validation) {
    List<Concern> found = List.of();
    for (int looks = 0; looks < MOST_LOOKS; looks++) {
      found = validation.get();
      for (Concern concern : found) {
        if (concern.code().equals(code)) {
          return concern;
        }
      }
    }
    throw new AssertionError("No " + code + " among " + found);
  }

  private void policy(String kind, Map<String, Object> rules) {
    Map<String, Object> spec = PreflightWorld.map("failurePolicy", "Fail");
    spec.put(
        "matchConstraints",
        Map.of(
            "namespaceSelector",
            Map.of("matchLabels", Map.of("kubernetes.io/metadata.name", namespace)),
            "resourceRules",
            List.of(
                Map.of(
                    "apiGroups", List.of("kubevirt.io"),
                    "apiVersions", List.of("v1"),
                    "operations", List.of("CREATE"),
                    "resources", List.of("virtualmachines")))));
    spec.putAll(rules);
    create(kind, spec);
    Map<String, Object> binding = PreflightWorld.map("policyName", namespace);
    if (kind.startsWith("Validating")) {
      binding.put("validationActions", List.of("Deny"));
    }
    create(kind + "Binding", binding);
  }

  private void create(String kind, Map<String, Object> spec) {
    GenericKubernetesResource object =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(API)
            .withKind(kind)
            .withNewMetadata()
            .withName(namespace)
            .endMetadata()
            .addToAdditionalProperties("spec", spec)
            .build();
    made.push(client.resource(object).create());
  }

  @Override
  public void close() {
    made.forEach(object -> client.resource(object).delete());
  }
}
