package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;

/**
 * The ledger's lines of the two repairs, which touch what this run did not make (R7): the
 * finalizers of a half, and a launcher pod of the receiver. Each is on record before it is made.
 */
final class Repairs {

  private static final String FINALIZERS = "/finalizers";

  private Repairs() {}

  /** The line of the repair that takes KubeVirt's finalizers off a half. */
  static ObjectRef ofFinalizers(ObjectRef half) {
    return new ObjectRef(
        half.side(),
        half.apiVersion(),
        Kind.MIGRATION.kind() + FINALIZERS,
        half.namespace(),
        half.name(),
        half.uid());
  }

  /** Whether a line is that of a half's finalizers: it goes with the half's own line. */
  static boolean isOfFinalizers(ObjectRef entry) {
    return entry.kind().equals(Kind.MIGRATION.kind() + FINALIZERS);
  }

  /** Whether a line is that of a launcher pod. */
  static boolean isOfPod(ObjectRef entry) {
    return entry.side() == Side.TARGET && Kind.POD.kind().equals(entry.kind());
  }
}
