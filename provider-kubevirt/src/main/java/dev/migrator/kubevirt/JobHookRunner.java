package dev.migrator.kubevirt;

import dev.migrator.model.Hook;
import dev.migrator.model.Side;
import dev.migrator.spi.HookRunner;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Runs each hook as a Kubernetes Job in one namespace of the host's cluster, once a run, machine
 * and stage.
 *
 * <p>A host makes one, hands it to the runner and keeps the client open; safe for use by several
 * threads. The runner calls it at every turn while a machine is in a hook's phase; it makes at most
 * one Job and its ConfigMap, under names that are derived from plan, run, machine and stage, and
 * then only reads the Job. The container finds {@value JobHookBlueprint#FACTS} (the plan, the
 * machine and what the migration recorded so far, as JSON) and, where the hook has one, {@value
 * JobHookBlueprint#PLAYBOOK} under {@value JobHookBlueprint#FOLDER}. A Job is never started a
 * second time: when a recorded one has vanished, the hook counts as failed. Jobs stay for their
 * logs and remove themselves after a week.
 *
 * <p>Needs the rights to create and get jobs and configmaps in that namespace.
 */
public final class JobHookRunner implements HookRunner {

  private static final Duration RECHECK = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofMinutes(2);

  private final Cluster cluster;
  private final String namespace;

  /**
   * A runner for one namespace.
   *
   * @param client the connection to the cluster that runs the hooks; stays the caller's
   * @param namespace the namespace that the Jobs live in; must exist
   */
  public JobHookRunner(KubernetesClient client, String namespace) {
    this.cluster = new Cluster(Side.HOST, client);
    this.namespace = namespace;
  }

  /**
   * {@inheritDoc}
   *
   * @throws MigrationException transient when the cluster did not answer; permanent when it refuses
   *     the Job, or when another object has its name
   */
  @Override
  public PhaseOutcome run(PhaseContext context, HookStage stage, Hook hook) {
    String name = Names.of(context.plan(), context.vm()).hook(stage);
    String fact = "hook." + stage.name().toLowerCase(Locale.ROOT);
    Optional<String> uid = context.fact(fact);
    if (uid.isEmpty()) {
      String started = start(context, stage, hook, name);
      return await(hook, name, "has started").with(Notes.none().fact(fact, started));
    }
    Optional<GenericKubernetesResource> job =
        cluster
            .get(Kind.JOB, namespace, name)
            .filter(found -> uid.get().equals(found.getMetadata().getUid()));
    if (job.isEmpty()) {
      return PhaseOutcome.fail(
          "HookLost",
          "Hook '"
              + hook.name()
              + "' was started as Job "
              + namespace
              + "/"
              + name
              + ", which is gone before it was seen to end. It is not started a second time.");
    }
    return judge(hook, name, Tree.map(job.get().getAdditionalProperties(), "status"));
  }

  private PhaseOutcome judge(Hook hook, String name, Map<String, Object> status) {
    if (ConditionView.find(status, "Complete").filter(ConditionView::isTrue).isPresent()) {
      return PhaseOutcome.advance();
    }
    Optional<ConditionView> failed =
        ConditionView.find(status, "Failed").filter(ConditionView::isTrue);
    if (failed.isPresent()) {
      return PhaseOutcome.fail(
          "HookFailed",
          "Hook '"
              + hook.name()
              + "' failed as Job "
              + namespace
              + "/"
              + name
              + ": "
              + failed.get().reason()
              + " "
              + failed.get().message()
              + " Its pod's log says more.");
    }
    return await(hook, name, Tree.has(status, "startTime") ? "runs" : "has not started yet");
  }

  private String start(PhaseContext context, HookStage stage, Hook hook, String name) {
    JobHookBlueprint blueprint = new JobHookBlueprint(context, stage, hook, namespace, name);
    Ensure ensure = new Ensure(cluster, context.plan(), context.vm());
    ensure.own(blueprint.configMap());
    return ensure.own(blueprint.job()).object().getMetadata().getUid();
  }

  private PhaseOutcome.Await await(Hook hook, String name, String what) {
    // The Job has the deadline itself; ours only guards against a cluster that runs no Jobs.
    return PhaseOutcome.await(
            "hook",
            RECHECK,
            "Hook '" + hook.name() + "', Job " + namespace + "/" + name + ", " + what)
        .atMost(hook.deadline().plus(GRACE));
  }
}
