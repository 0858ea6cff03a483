package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Severity;
import dev.migrator.spi.MigrationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a plan, typed; each key with its default is listed in {@code docs/settings.md}.
 *
 * <p>A plan's settings win over those of its target endpoint, which serve as the defaults of a
 * cluster. The source endpoint has none. A key or value that is not known is an error, never
 * ignored.
 *
 * @param preflight how far a machine is checked before it starts
 * @param instancetypes what becomes of references to instance types and preferences
 * @param instancetypeMismatch how much a missing or different one weighs
 * @param images whether container disks are pinned to the digests in use
 * @param firstConsumer how volumes are made that wait for a first consumer
 * @param keepVolumes whether a roll-back leaves the target's volumes
 * @param keepNodeConstraints whether node selector, affinity and their like go along
 * @param restoreRunStrategy the run strategy after the move, or null for the source's
 * @param haltedTarget what becomes of the halted source of an earlier move on the target
 * @param createNamespace whether a missing namespace is made on the target
 * @param serviceExports whether, and how, the synchronization endpoint is exported
 * @param connectUrl where the source reaches the target, or null for the published address
 * @param unsupportedVersion how much an unsupported KubeVirt version weighs
 * @param attempts how often a copy is tried in one run
 * @param deadlines how long each wait may last
 */
public record KubeVirtOptions(
    Preflight preflight,
    Instancetypes instancetypes,
    Severity instancetypeMismatch,
    Images images,
    FirstConsumer firstConsumer,
    boolean keepVolumes,
    boolean keepNodeConstraints,
    @Nullable RunStrategy restoreRunStrategy,
    HaltedVm haltedTarget,
    boolean createNamespace,
    ServiceExports serviceExports,
    @Nullable String connectUrl,
    Severity unsupportedVersion,
    int attempts,
    Deadlines deadlines) {

  /** How far a machine is checked before it starts. */
  public enum Preflight {
    /** The plan, both installations and the source. */
    QUICK,
    /** The target as well, with a dry run of every object. */
    FULL
  }

  /** What becomes of a reference to an instance type or preference. */
  public enum Instancetypes {
    /** The values in force are written into the machine, which then refers to nothing. */
    EXPAND,
    /** A namespaced object goes along, a cluster-wide one is expected to be there. */
    COPY,
    /** Both are expected to be there. */
    REQUIRE
  }

  /** Which image of a container disk the target uses. */
  public enum Images {
    /** The very one that the running machine uses. */
    DIGEST,
    /** Whatever the machine says. */
    TAG
  }

  /** How a volume is made whose class waits for the first consumer. */
  public enum FirstConsumer {
    /** By populator where there is a CSI driver, else at once. */
    AUTO,
    /** Bound at once. */
    IMMEDIATE,
    /** Bound by the receiver's pod and filled by a populator. */
    POPULATOR
  }

  /** What becomes of a halted VM on the target that is this guest's own. */
  public enum HaltedVm {
    /** It is in the way. */
    REFUSE,
    /** The guest moves back onto it. */
    ADOPT
  }

  /** How the synchronization endpoint is exported to the other cluster. */
  public enum ServiceExports {
    /** Not at all: its address can be reached as it is. */
    NONE,
    /** By the multi-cluster services API. */
    MCS
  }

  /** The run strategies that a machine may take on arrival; our own allow-list. */
  public enum RunStrategy {
    /** KubeVirt keeps it running. */
    ALWAYS("Always"),
    /** It is started and stopped by hand. */
    MANUAL("Manual"),
    /** It is started again after a crash. */
    RERUN_ON_FAILURE("RerunOnFailure"),
    /** It runs once. */
    ONCE("Once");

    private final String text;

    RunStrategy(String text) {
      this.text = text;
    }

    /** The spelling in KubeVirt's API. */
    public String text() {
      return text;
    }

    static Optional<RunStrategy> of(String text) {
      return java.util.Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
    }
  }

  /**
   * How long each wait may last before it is given up.
   *
   * @param trust for the exchange of certificates
   * @param volumes for the target's volumes
   * @param receiver for the receiver to wait for its source
   * @param sync for the halves to meet
   * @param prepare from their meeting to the start of the copy
   * @param stall without any change while memory is copied
   * @param finish for each thing left after the hand-over
   * @param rollback for each thing that a roll-back waits for
   */
  public record Deadlines(
      Duration trust,
      Duration volumes,
      Duration receiver,
      Duration sync,
      Duration prepare,
      Duration stall,
      Duration finish,
      Duration rollback) {}

  /**
   * Reads the settings of a plan.
   *
   * @param plan the plan
   * @return its settings
   * @throws MigrationException with code {@code InvalidSettings}, permanent, naming everything that
   *     is wrong
   */
  public static KubeVirtOptions of(MigrationPlan plan) {
    List<String> problems = problems(plan);
    if (!problems.isEmpty()) {
      throw MigrationException.permanent(
          ConcernCode.INVALID_SETTINGS.code(),
          "Plan '" + plan.id() + "' has wrong settings. " + String.join(" ", problems));
    }
    return new Reader(given(plan)).read();
  }

  /**
   * Reads the settings that a machine's run began with: who edits them later edits the next run.
   *
   * @param frozen what {@link #given} was then
   */
  static KubeVirtOptions frozen(Map<String, String> frozen) {
    return new Reader(frozen).read();
  }

  /** What the plan says, over what its target says. */
  static Map<String, String> given(MigrationPlan plan) {
    Map<String, String> given = new TreeMap<>(plan.target().settings());
    given.putAll(plan.settings());
    return given;
  }

  /** Everything that is wrong with the settings of a plan, in sentences. */
  static List<String> problems(MigrationPlan plan) {
    List<String> problems = new ArrayList<>();
    new TreeMap<>(plan.source().settings())
        .keySet()
        .forEach(key -> problems.add("The source endpoint has no setting '" + key + "'."));
    Map<String, String> given = given(plan);
    given.keySet().stream()
        .filter(key -> Setting.of(key).isEmpty())
        .forEach(key -> problems.add("There is no setting '" + key + "'."));
    Reader reader = new Reader(given);
    for (Setting setting : Setting.values()) {
      try {
        reader.check(setting);
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    return problems;
  }

  private static final class Reader {
    private final Map<Setting, String> values = new EnumMap<>(Setting.class);

    Reader(Map<String, String> given) {
      for (Setting setting : Setting.values()) {
        values.put(setting, given.getOrDefault(setting.key(), setting.fallback()));
      }
    }

    void check(Setting setting) {
      switch (setting) {
        case PREFLIGHT -> choice(setting, Preflight.class);
        case INSTANCETYPES -> choice(setting, Instancetypes.class);
        case INSTANCETYPE_MISMATCH, UNSUPPORTED_VERSION -> choice(setting, Severity.class);
        case IMAGES -> choice(setting, Images.class);
        case FIRST_CONSUMER -> choice(setting, FirstConsumer.class);
        case KEEP_VOLUMES, CREATE_NAMESPACE -> setting.flag(value(setting));
        case NODE_CONSTRAINTS -> keepsNodeConstraints();
        case RESTORE_RUN_STRATEGY -> restoreRunStrategy();
        case HALTED_TARGET -> choice(setting, HaltedVm.class);
        case SERVICE_EXPORTS -> choice(setting, ServiceExports.class);
        case CONNECT_URL -> connectUrl();
        case ATTEMPTS -> setting.count(value(setting));
        default -> setting.duration(value(setting));
      }
    }

    KubeVirtOptions read() {
      return new KubeVirtOptions(
          choice(Setting.PREFLIGHT, Preflight.class),
          choice(Setting.INSTANCETYPES, Instancetypes.class),
          choice(Setting.INSTANCETYPE_MISMATCH, Severity.class),
          choice(Setting.IMAGES, Images.class),
          choice(Setting.FIRST_CONSUMER, FirstConsumer.class),
          Setting.KEEP_VOLUMES.flag(value(Setting.KEEP_VOLUMES)),
          keepsNodeConstraints(),
          restoreRunStrategy(),
          choice(Setting.HALTED_TARGET, HaltedVm.class),
          Setting.CREATE_NAMESPACE.flag(value(Setting.CREATE_NAMESPACE)),
          choice(Setting.SERVICE_EXPORTS, ServiceExports.class),
          connectUrl(),
          choice(Setting.UNSUPPORTED_VERSION, Severity.class),
          Setting.ATTEMPTS.count(value(Setting.ATTEMPTS)),
          new Deadlines(
              duration(Setting.DEADLINE_TRUST),
              duration(Setting.DEADLINE_VOLUMES),
              duration(Setting.DEADLINE_RECEIVER),
              duration(Setting.DEADLINE_SYNC),
              duration(Setting.DEADLINE_PREPARE),
              duration(Setting.DEADLINE_STALL),
              duration(Setting.DEADLINE_FINISH),
              duration(Setting.DEADLINE_ROLLBACK)));
    }

    private boolean keepsNodeConstraints() {
      return switch (value(Setting.NODE_CONSTRAINTS)) {
        case "keep" -> true;
        case "strip" -> false;
        default -> throw Setting.NODE_CONSTRAINTS.refused(value(Setting.NODE_CONSTRAINTS));
      };
    }

    private @Nullable RunStrategy restoreRunStrategy() {
      String value = value(Setting.RESTORE_RUN_STRATEGY);
      return value.equals("source")
          ? null
          : RunStrategy.of(value).orElseThrow(() -> Setting.RESTORE_RUN_STRATEGY.refused(value));
    }

    private @Nullable String connectUrl() {
      String value = value(Setting.CONNECT_URL);
      if (!value.isEmpty() && !Address.isOne(value)) {
        throw Setting.CONNECT_URL.refused(value);
      }
      return value.isEmpty() ? null : value;
    }

    private Duration duration(Setting setting) {
      return setting.duration(value(setting));
    }

    private <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
      return setting.choice(type, value(setting));
    }

    private String value(Setting setting) {
      return values.getOrDefault(setting, setting.fallback());
    }
  }
}
