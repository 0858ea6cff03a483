package dev.migrator.kubevirt;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every key that a plan's settings, or those of its target, may hold: the one declaration that
 * {@link KubeVirtOptions} reads and that {@code docs/settings.md} is checked against.
 */
enum Setting {
  PREFLIGHT(
      "preflight",
      "full",
      "`full`, `quick`",
      "How far a machine is checked before it starts. `full` looks at the plan, both KubeVirt"
          + " installations, everything of the source and what the machine needs on the target, and"
          + " tries each object that will be made in a dry run. `quick` leaves out the target and"
          + " the dry runs: for plans that were checked in full a moment ago."),
  INSTANCETYPES(
      "instancetypes",
      "expand",
      "`expand`, `copy`, `require`",
      "What becomes of a reference to an instance type or a preference. `expand` writes the values"
          + " that are in force into the machine on the target, which then refers to nothing."
          + " `copy` takes a namespaced object along and expects a cluster-wide one to be there."
          + " `require` expects both to be there."),
  INSTANCETYPE_MISMATCH(
      "instancetypes.mismatch",
      "critical",
      "`critical`, `warning`, `advisory`",
      "How much it weighs that an instance type or preference, which the target must have, is"
          + " missing there or has other content."),
  IMAGES(
      "images",
      "digest",
      "`digest`, `tag`",
      "`digest` pins the image of a container disk to the one that the running machine uses; `tag`"
          + " keeps what the machine says, for registries that are mirrored under other digests."),
  FIRST_CONSUMER(
      "volumes.firstConsumer",
      "auto",
      "`auto`, `immediate`, `populator`",
      "How a DataVolume of a class that waits for its first consumer is made. `immediate` binds it"
          + " at once, `populator` lets the receiver's pod bind it, `auto` uses the populator where"
          + " the class has a CSI driver and binds at once where it has none or is not known."),
  KEEP_VOLUMES(
      "volumes.keepOnRollback",
      "false",
      "`true`, `false`",
      "Whether a roll-back leaves the volumes that it made on the target."),
  NODE_CONSTRAINTS(
      "nodeConstraints",
      "keep",
      "`keep`, `strip`",
      "Whether node selector, affinity, topology spread, tolerations and scheduler name go along."),
  RESTORE_RUN_STRATEGY(
      "restoreRunStrategy",
      "source",
      "`source`, `Always`, `Manual`, `RerunOnFailure`, `Once`",
      "The run strategy of the machine once it has arrived; `source` is that of the source."),
  HALTED_TARGET(
      "haltedTarget",
      "refuse",
      "`refuse`, `adopt`",
      "What becomes of a halted VM of the machine's name on the target that has the guest's firmware"
          + " UUID: the source of an earlier move. `adopt` moves the guest back onto it and onto the"
          + " volumes that it attaches, whose content is overwritten; a roll-back gives it back"
          + " halted. `refuse` says that the name is taken."),
  CREATE_NAMESPACE(
      "createNamespace",
      "false",
      "`true`, `false`",
      "Whether a namespace that the target lacks is made."),
  SERVICE_EXPORTS(
      "serviceExports",
      "none",
      "`none`, `mcs`",
      "`mcs` says that the clusters are joined by the multi-cluster services API (Submariner): the"
          + " synchronization endpoint is exported before it is used."),
  CONNECT_URL(
      "connectUrl",
      "",
      "host:port, without a scheme",
      "Where the source reaches the target's synchronization controller, when that is not one of"
          + " the addresses that the target publishes. The target still calls the source back"
          + " directly."),
  UNSUPPORTED_VERSION(
      "unsupportedVersion",
      "critical",
      "`critical`, `warning`, `advisory`",
      "How much it weighs that a cluster runs a KubeVirt version that is not supported."),
  ATTEMPTS(
      "attempts",
      "1",
      "a number from 1 to 10",
      "How often a copy is tried in one run. A further attempt follows, on the same receiver, when"
          + " KubeVirt ended one before the hand-over, nobody asked for that, and the guest is proven"
          + " to run on the source. Each one slows the guest down again and sends its memory and disks"
          + " anew, so one is enough unless the plan says otherwise."),
  DEADLINE_TRUST(
      "deadline.trust",
      "2m",
      "a duration",
      "For both clusters to trust each other's certificates."),
  DEADLINE_VOLUMES(
      "deadline.volumes", "10m", "a duration", "For the target's volumes to be ready to attach."),
  DEADLINE_RECEIVER(
      "deadline.receiver", "2m", "a duration", "For the receiver to wait for its source."),
  DEADLINE_SYNC("deadline.sync", "2m", "a duration", "For the two halves to meet."),
  DEADLINE_PREPARE(
      "deadline.prepare",
      "20m",
      "a duration",
      "From the halves' meeting to the start of the copy. KubeVirt's own limit for a pod that does"
          + " not start is 15m; it gives the better reason, so it should strike first."),
  DEADLINE_STALL(
      "deadline.stall",
      "15m",
      "a duration",
      "Without any change on either side while memory is copied. KubeVirt's own limits for the copy"
          + " come from the target's configuration and strike first."),
  DEADLINE_FINISH(
      "deadline.finish",
      "5m",
      "a duration",
      "For each thing that is left after the hand-over, before a person is asked to look."),
  DEADLINE_ROLLBACK(
      "deadline.rollback",
      "5m",
      "a duration",
      "For each thing that a roll-back waits for, before it is forced or a person is asked.");

  private final String key;
  private final String fallback;
  private final String accepted;
  private final String meaning;

  Setting(String key, String fallback, String accepted, String meaning) {
    this.key = key;
    this.fallback = fallback;
    this.accepted = accepted;
    this.meaning = meaning;
  }

  String key() {
    return key;
  }

  String fallback() {
    return fallback;
  }

  /** The line of {@code docs/settings.md}. */
  String documentation() {
    String shown = fallback.isEmpty() ? "(none)" : "`" + fallback + "`";
    return "| `" + key + "` | " + shown + " | " + accepted + " | " + meaning + " |";
  }

  static Optional<Setting> of(String key) {
    return Arrays.stream(values()).filter(each -> each.key.equals(key)).findFirst();
  }

  /** Reads one of an enum's constants, spelled in lower case. */
  <E extends Enum<E>> E choice(Class<E> type, String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(value))
        .findFirst()
        .orElseThrow(() -> refused(value));
  }

  boolean flag(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused(value);
    };
  }

  /** Reads a duration of at least a second and at most 30 days. */
  Duration duration(String value) {
    return Durations.parse(value)
        .filter(read -> read.compareTo(Duration.ofSeconds(1)) >= 0)
        .filter(read -> read.compareTo(Duration.ofDays(30)) <= 0)
        .orElseThrow(() -> refused(value));
  }

  /** Reads a number from 1 to 10. */
  int count(String value) {
    if (!value.matches("[1-9]|10")) {
      throw refused(value);
    }
    return Integer.parseInt(value);
  }

  IllegalArgumentException refused(String value) {
    return new IllegalArgumentException(
        "Setting '"
            + key
            + "' is '"
            + Words.name(value)
            + "', but only this is accepted: "
            + accepted
            + ".");
  }
}
