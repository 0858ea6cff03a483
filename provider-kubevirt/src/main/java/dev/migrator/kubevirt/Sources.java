package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import dev.migrator.spi.MigrationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Source machines as they were read last, from validation until they are built on the target; they
 * hold Secrets, so they are dropped as soon as nobody needs them.
 */
final class Sources {

  private final SourceReader reader;
  private final Map<VmRef, SourceMachine> read = new ConcurrentHashMap<>();

  Sources(Sides sides, Executor executor) {
    this.reader = new SourceReader(sides.source(), executor);
  }

  /** Reads a machine anew. */
  Optional<SourceMachine> read(VmRef ref, KubeVirtOptions options) {
    Optional<SourceMachine> found = reader.read(ref, options);
    if (found.isPresent()) {
      read.put(ref, found.get());
    } else {
      read.remove(ref);
    }
    return found;
  }

  /** The machine as it was read last; empty when it was not, or was forgotten. */
  Optional<SourceMachine> last(VmRef ref) {
    return Optional.ofNullable(read.get(ref));
  }

  /** As {@link #remembered}, empty when there is no such machine any more. */
  Optional<SourceMachine> known(VmRef ref, KubeVirtOptions options) {
    SourceMachine known = read.get(ref);
    return known != null ? Optional.of(known) : read(ref, options);
  }

  /** The machine as it was read last, or as it is now when it was forgotten. */
  SourceMachine remembered(VmRef ref, KubeVirtOptions options) {
    SourceMachine known = read.get(ref);
    return known != null ? known : fresh(ref, options);
  }

  /**
   * The machine, which must still be what it was when the run began.
   *
   * @param fingerprint what was recorded then
   * @throws MigrationException permanent, when it is not
   */
  SourceMachine unchanged(VmRef ref, KubeVirtOptions options, String fingerprint) {
    SourceMachine machine = remembered(ref, options);
    List<String> changed = Fingerprint.of(machine).changedSince(fingerprint);
    if (!changed.isEmpty()) {
      read.remove(ref);
      throw changed(ref, changed);
    }
    return machine;
  }

  void forget(VmRef ref) {
    read.remove(ref);
  }

  /** The failure of a source that was edited under way. */
  static MigrationException changed(VmRef ref, List<String> what) {
    return MigrationException.permanent(
        "SourceChanged",
        "The source of VM "
            + ref
            + " was changed after the migration began: "
            + String.join(", ", what)
            + ". Nothing of that would arrive; start the migration again.");
  }

  private SourceMachine fresh(VmRef ref, KubeVirtOptions options) {
    return read(ref, options)
        .orElseThrow(
            () ->
                MigrationException.permanent(
                    ConcernCode.SOURCE_MISSING.code(),
                    "VM " + ref + " does not exist on the source."));
  }
}
