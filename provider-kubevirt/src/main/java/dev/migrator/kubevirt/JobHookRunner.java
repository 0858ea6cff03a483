package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.spi.HookRunner;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Runs hooks as Kubernetes Jobs, each at most once a run, machine and stage.
 *
 * <p>A host makes one and gives it to its runner, which calls {@link #run} at every turn while a
 * machine is in a hook's phase; {@link #watch} makes that soon after a Job has changed. Safe for
 * use by several threads.
 *
 * <p>The Job has a name derived from plan, run, machine and stage, and is made suspended. Only when
 * the status is saved that knows its uid is it resumed, so that no crash can start a hook twice,
 * and a Job that is gone afterwards is a failure, never a reason for another one. What the hook may
 * read is mounted at {@code /etc/migrator} from a ConfigMap that the Job owns: {@code facts.json}
 * and, where the hook has one, {@code playbook.yml}.
 *
 * <p>Job and ConfigMap are in the machine's ledger. A cancel or a failed move deletes them while
 * the hook runs, and is not through before its pod has ended. A hook that has ended keeps its Job,
 * and with it its log, for a week: {@code ttlSecondsAfterFinished}.
 *
 * <p>The rights it needs in the namespace: create, get, patch and delete of Jobs, create and get of
 * ConfigMaps, list of pods, and for {@link #watch} list and watch of Jobs.
 */
public final class JobHookRunner implements HookRunner, AutoCloseable {

  /** How long after the hook's own deadline its Job may take to report. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  /** How often to look at a Job that is being deleted. */
  private static final Duration STOPPING = Duration.ofSeconds(2);

  /** How often to look at a Job that nobody watches. */
  private static final Duration UNWATCHED = Duration.ofSeconds(10);

  /** How often to look at a Job that is watched, in case a watch went deaf. */
  private static final Duration WATCHED = Duration.ofMinutes(5);

  private final Cluster cluster;
  private final String namespace;
  private final HookObjects objects;
  private final HookPods pods;
  private final HookWatch watch;

  /**
   * Creates a runner.
   *
   * @param client the cluster that runs the Jobs; it belongs to the host, which closes it
   * @param namespace the namespace of the Jobs, which exists
   */
  public JobHookRunner(KubernetesClient client, String namespace) {
    this.cluster = new Cluster(Side.HOST, client);
    this.namespace = namespace;
    this.objects = new HookObjects(cluster, client.getKubernetesSerialization());
    this.pods = new HookPods(cluster, namespace);
    this.watch = new HookWatch(cluster, namespace);
  }

  /**
   * Watches the Jobs from now on.
   *
   * <p>Called once by the host, after it has made its runner, with that runner's {@code wake}.
   * Returns at once; a watch that cannot be opened, or breaks, is tried again by itself, and hooks
   * are looked at every few seconds meanwhile.
   *
   * @param wake is told plan and machine of a Job that changed; called from the client's threads
   */
  public void watch(BiConsumer<String, VmRef> wake) {
    watch.start(wake);
  }

  /** Ends the watch; Jobs go on. */
  @Override
  public void close() {
    watch.close();
  }

  /**
   * {@inheritDoc}
   *
   * @throws MigrationException transient when the cluster did not answer; permanent when it refuses
   *     the Job or its ConfigMap, when they would be too large, or when something else has their
   *     name
   */
  @Override
  public PhaseOutcome run(PhaseContext context, HookStage stage, Hook hook) {
    HookJob drawn = new HookJob(namespace, context, stage, hook);
    Optional<String> uid = context.fact(fact(stage, "job"));
    if (uid.isEmpty()) {
      JobView made = objects.create(drawn);
      return await(drawn, Duration.ZERO, "is recorded before it starts")
          .with(Notes.none().fact(fact(stage, "job"), made.uid()).created(objects.ref(made.raw())));
    }
    Optional<JobView> job = objects.find(drawn, uid.get());
    return job.isPresent()
        ? follow(drawn, job.get())
        : PhaseOutcome.fail(
                "HookVanished",
                drawn.describe(Kind.JOB)
                    + " is gone, so nobody knows how it ended. It is not started again.")
            .with(Notes.none().removed(drawn.places()));
  }

  /**
   * {@inheritDoc}
   *
   * @throws MigrationException as for {@link #run}
   */
  @Override
  public PhaseOutcome stop(PhaseContext context, HookStage stage, Hook hook) {
    HookJob drawn = new HookJob(namespace, context, stage, hook);
    Optional<JobView> job = objects.find(drawn);
    if (job.filter(JobView::isFinished).isPresent()) {
      return PhaseOutcome.advance();
    }
    boolean isThere = job.isPresent() && objects.delete(drawn, job.get());
    return isThere || pods.areRunning(drawn.name())
        ? PhaseOutcome.await("hook-end", STOPPING, drawn.describe(Kind.JOB) + " is being ended.")
            .atMost(GRACE)
        : PhaseOutcome.advance(Notes.none().removed(drawn.places()));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Asks the cluster that runs the Jobs whether it may: what is missing of role {@code
   * migrator-host} is critical.
   */
  @Override
  public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
    return HostRights.missing(cluster, namespace, When.HOOKS);
  }

  private PhaseOutcome follow(HookJob drawn, JobView job) {
    if (job.isComplete()) {
      return PhaseOutcome.advance(mounted(drawn));
    }
    Optional<ConditionView> failed = job.failed();
    if (failed.isPresent()) {
      return PhaseOutcome.fail("HookFailed", failure(drawn, failed.get())).with(mounted(drawn));
    }
    if (job.isDeleting()) {
      return PhaseOutcome.fail(
          "HookDeleted", drawn.describe(Kind.JOB) + " is being deleted before it ended.");
    }
    String fact = fact(drawn.stage(), "started");
    Optional<Instant> started = drawn.context().fact(fact).map(Instant::parse);
    if (started.isEmpty()) {
      ObjectRef mounted = objects.resume(drawn, job);
      Instant now = drawn.context().now();
      return await(drawn, recheck(), "was started")
          .with(Notes.none().fact(fact, job.started().orElse(now).toString()).created(mounted));
    }
    return drawn.context().now().isBefore(started.get().plus(limit(drawn.hook())))
        ? watching(drawn, job)
        : PhaseOutcome.fail("HookLate", late(drawn, job));
  }

  /** What is mounted, where its record was lost in a crash right after the Job was let run. */
  private Notes mounted(HookJob drawn) {
    return drawn.context().fact(fact(drawn.stage(), "started")).isPresent()
        ? Notes.none()
        : Notes.none().created(objects.mounted(drawn).stream().toList());
  }

  private PhaseOutcome.Await watching(HookJob drawn, JobView job) {
    if (job.isReady()) {
      return await(drawn, recheck(), "runs");
    }
    String words = pods.words(drawn.name());
    return await(drawn, recheck(), words.isEmpty() ? "has no running pod yet" : words);
  }

  private PhaseOutcome.Await await(HookJob drawn, Duration recheck, String what) {
    return PhaseOutcome.await("hook", recheck, drawn.describe(Kind.JOB) + ": " + what)
        .atMost(limit(drawn.hook()));
  }

  private Duration recheck() {
    return watch.isWatching() ? WATCHED : UNWATCHED;
  }

  private String failure(HookJob drawn, ConditionView failed) {
    String words = pods.words(drawn.name());
    return drawn.describe(Kind.JOB)
        + ": "
        + failed.describe()
        + (words.isEmpty() ? "" : "; " + words)
        + ". Its log: kubectl -n "
        + namespace
        + " logs job/"
        + drawn.name();
  }

  private String late(HookJob drawn, JobView job) {
    return drawn.describe(Kind.JOB)
        + " has not ended "
        + GRACE.toSeconds()
        + "s after its deadline of "
        + drawn.hook().deadline().toSeconds()
        + "s"
        + (job.isSuspended() ? "; somebody suspended it" : "; does its cluster run Jobs?");
  }

  private static Duration limit(Hook hook) {
    return hook.deadline().plus(GRACE);
  }

  private static String fact(HookStage stage, String what) {
    return "hook." + stage.name().toLowerCase(Locale.ROOT) + "." + what;
  }
}
