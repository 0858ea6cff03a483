package dev.migrator.kubevirt;

import dev.migrator.model.Endpoint;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.PhaseContext;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws the Job of a hook and the ConfigMap that is mounted into it; pure.
 *
 * @param namespace where they are made
 * @param context the plan, the machine and its status
 * @param stage when the hook runs
 * @param hook the hook
 */
record HookJob(String namespace, PhaseContext context, HookStage stage, Hook hook) {

  /** Where the files are mounted. */
  static final String DIRECTORY = "/etc/migrator";

  /** The file that says what is moved. */
  static final String FACTS_FILE = "facts.json";

  /** The file with the hook's playbook. */
  static final String PLAYBOOK_FILE = "playbook.yml";

  /** Label of Job, pod and ConfigMap: the Job's name. */
  static final String HOOK_JOB = Labels.PREFIX + "hook-job";

  /** Annotation: the plan's id, for whoever watches Jobs. */
  static final String PLAN_ID = Labels.PREFIX + "plan-id";

  /** Annotation: the machine on the source, for whoever watches Jobs. */
  static final String SOURCE_VM = Labels.PREFIX + "source-vm";

  private static final int FACTS_FORMAT = 1;

  /** How long a finished Job is kept for people. */
  private static final Duration KEPT = Duration.ofDays(7);

  /** The name of both: the same for this plan, run, machine and stage. */
  String name() {
    return Names.of(plan(), vm()).hook(stage);
  }

  /**
   * The Job, which does not run before it is resumed.
   *
   * <p>A second pod would be a second start, so none is tried: no back-off limit, and no
   * replacement for a pod that is merely on its way out.
   */
  GenericKubernetesResource job() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("suspend", true);
    spec.put("backoffLimit", 0);
    spec.put("podReplacementPolicy", "Failed");
    spec.put("activeDeadlineSeconds", seconds(hook.deadline()));
    spec.put("ttlSecondsAfterFinished", KEPT.toSeconds());
    spec.put(
        "template",
        Map.of("metadata", Map.of("labels", Map.of(HOOK_JOB, name())), "spec", podSpec()));
    GenericKubernetesResource job = blank(Kind.JOB);
    job.setAdditionalProperty("spec", spec);
    return job;
  }

  /**
   * What is mounted; the Job owns it.
   *
   * @param uid the Job's uid
   * @param facts the text of {@link #facts()}
   */
  GenericKubernetesResource configMap(String uid, String facts) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(FACTS_FILE, facts);
    if (hook.playbook() != null) {
      data.put(PLAYBOOK_FILE, hook.playbook());
    }
    GenericKubernetesResource made = blank(Kind.CONFIG_MAP);
    OwnerReference owner = new OwnerReference();
    owner.setApiVersion(Kind.JOB.apiVersion());
    owner.setKind(Kind.JOB.kind());
    owner.setName(name());
    owner.setUid(uid);
    made.getMetadata().setOwnerReferences(List.of(owner));
    made.setAdditionalProperty("data", data);
    return made;
  }

  /** What a hook can learn: names only, never the content of an object. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("formatVersion", FACTS_FORMAT);
    facts.put("plan", plan().id());
    facts.put("run", plan().run());
    facts.put("hook", hook.name());
    facts.put("stage", stage.name());
    facts.put("source", machine(plan().source(), vm().source()));
    facts.put("target", machine(plan().target(), vm().target()));
    if (stage == HookStage.POST) {
      VmStatus status = context.status();
      if (status.handedOver() != null) {
        facts.put("handedOver", status.handedOver().toString());
      }
      facts.put(
          "objects",
          status.ledger().stream()
              .filter(entry -> entry.side() != Side.HOST)
              .map(HookJob::object)
              .toList());
      facts.put("facts", new TreeMap<>(status.facts()));
      facts.put("warnings", status.warnings());
    }
    return facts;
  }

  /** Whether an object was made for this very hook of this very run. */
  boolean isOurs(GenericKubernetesResource object) {
    return Labels.isOfRun(object, plan(), vm()) && name().equals(Labels.label(object, HOOK_JOB));
  }

  /** Where Job and ConfigMap are, for the ledger. */
  List<ObjectRef> places() {
    return List.of(
        Kind.JOB.ref(Side.HOST, namespace, name(), ""),
        Kind.CONFIG_MAP.ref(Side.HOST, namespace, name(), ""));
  }

  /** For people: {@code Job hooks/web-pre-hook-0123456789ab}. */
  String describe(Kind kind) {
    return kind.kind() + " " + namespace + "/" + name();
  }

  private Map<String, Object> podSpec() {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", "hook");
    container.put("image", hook.image());
    if (!hook.command().isEmpty()) {
      container.put("command", hook.command());
    }
    container.put(
        "env",
        List.of(
            variable("MIGRATOR_PLAN", plan().id()),
            variable("MIGRATOR_STAGE", stage.name()),
            variable("MIGRATOR_SOURCE_VM", vm().source().toString()),
            variable("MIGRATOR_TARGET_VM", vm().target().toString())));
    container.put(
        "volumeMounts",
        List.of(Map.of("name", "migration", "mountPath", DIRECTORY, "readOnly", true)));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("restartPolicy", "Never");
    if (hook.serviceAccount() == null) {
      // Nobody asked for rights on the cluster, so the container gets none.
      spec.put("automountServiceAccountToken", false);
    } else {
      spec.put("serviceAccountName", hook.serviceAccount());
    }
    spec.put("containers", List.of(container));
    spec.put("volumes", List.of(Map.of("name", "migration", "configMap", Map.of("name", name()))));
    return spec;
  }

  private GenericKubernetesResource blank(Kind kind) {
    Map<String, String> labels = new HashMap<>(Labels.of(plan(), vm()));
    labels.put(Labels.ROLE, Labels.HOOK);
    labels.put(HOOK_JOB, name());
    GenericKubernetesResource made = kind.blank(namespace, name());
    made.getMetadata().setLabels(labels);
    made.getMetadata()
        .setAnnotations(
            Map.of(
                Labels.ORIGIN,
                Labels.origin(plan(), vm()),
                PLAN_ID,
                plan().id(),
                SOURCE_VM,
                vm().source().toString()));
    return made;
  }

  private MigrationPlan plan() {
    return context.plan();
  }

  private PlannedVm vm() {
    return context.vm();
  }

  /** Rounded up: a Job's deadline has no fractions, and none that is zero. */
  private static long seconds(Duration deadline) {
    return deadline.plusNanos(999_999_999).toSeconds();
  }

  private static Map<String, Object> variable(String name, String value) {
    return Map.of("name", name, "value", value);
  }

  private static Map<String, Object> machine(Endpoint endpoint, VmRef vm) {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("endpoint", endpoint.name());
    machine.put("namespace", vm.namespace());
    machine.put("name", vm.name());
    return machine;
  }

  private static Map<String, Object> object(ObjectRef entry) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("side", entry.side().name());
    object.put("apiVersion", entry.apiVersion());
    object.put("kind", entry.kind());
    object.put("namespace", entry.namespace());
    object.put("name", entry.name());
    return object;
  }
}
