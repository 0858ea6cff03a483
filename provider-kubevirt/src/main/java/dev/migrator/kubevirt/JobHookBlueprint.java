package dev.migrator.kubevirt;

import dev.migrator.model.Hook;
import dev.migrator.model.VmRef;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.PhaseContext;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Job of one hook and the ConfigMap that is mounted into it; pure.
 *
 * @param context the plan, the machine and its status
 * @param stage when the hook runs
 * @param hook the hook
 * @param namespace where both live
 * @param name what both are called
 */
record JobHookBlueprint(
    PhaseContext context, HookStage stage, Hook hook, String namespace, String name) {

  /** Where the ConfigMap is mounted. */
  static final String FOLDER = "/etc/migrator";

  /** The file with the facts. */
  static final String FACTS = "facts.json";

  /** The file with the hook's own text. */
  static final String PLAYBOOK = "playbook.yml";

  private static final Duration KEPT = Duration.ofDays(7);

  GenericKubernetesResource configMap() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(FACTS, Serialization.asJson(facts()));
    if (hook.playbook() != null) {
      data.put(PLAYBOOK, hook.playbook());
    }
    GenericKubernetesResource made = Kind.CONFIG_MAP.blank(namespace, name);
    made.setAdditionalProperty("data", data);
    return made;
  }

  GenericKubernetesResource job() {
    Map<String, Object> pod = new LinkedHashMap<>();
    pod.put("restartPolicy", "Never");
    if (hook.serviceAccount() == null) {
      pod.put("automountServiceAccountToken", false);
    } else {
      pod.put("serviceAccountName", hook.serviceAccount());
    }
    pod.put("containers", List.of(container()));
    pod.put("volumes", List.of(Map.of("name", "migrator", "configMap", Map.of("name", name))));
    GenericKubernetesResource made = Kind.JOB.blank(namespace, name);
    made.setAdditionalProperty(
        "spec",
        Map.of(
            // One pod and no other: a hook that ran half is not for us to repeat.
            "backoffLimit", 0,
            "activeDeadlineSeconds", Math.max(1, hook.deadline().toSeconds()),
            "ttlSecondsAfterFinished", KEPT.toSeconds(),
            "template", Map.of("spec", pod)));
    return made;
  }

  private Map<String, Object> container() {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", "hook");
    container.put("image", hook.image());
    if (!hook.command().isEmpty()) {
      container.put("command", hook.command());
    }
    container.put(
        "env",
        List.of(
            variable("MIGRATOR_PLAN", context.plan().id()),
            variable("MIGRATOR_STAGE", stageName()),
            variable("MIGRATOR_SOURCE_VM", context.vm().source().toString()),
            variable("MIGRATOR_TARGET_VM", context.vm().target().toString())));
    container.put(
        "volumeMounts", List.of(Map.of("name", "migrator", "mountPath", FOLDER, "readOnly", true)));
    return container;
  }

  /** What a hook may know; a status holds no secret value, so this does not either. */
  private Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("plan", context.plan().id());
    facts.put("run", context.plan().run());
    facts.put("stage", stageName());
    facts.put("source", side(context.plan().source().name(), context.vm().source()));
    facts.put("target", side(context.plan().target().name(), context.vm().target()));
    facts.put("facts", new TreeMap<>(context.status().facts()));
    return facts;
  }

  private String stageName() {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> side(String cluster, VmRef vm) {
    return Map.of("cluster", cluster, "namespace", vm.namespace(), "name", vm.name());
  }

  private static Map<String, Object> variable(String name, String value) {
    return Map.of("name", name, "value", value);
  }
}
