package dev.migrator.kubevirt;

import java.util.Set;

/** The keys under which this provider remembers things in a machine's status. */
final class Facts {

  /** The digest of the source machine and what it refers to, when the run began. */
  static final String FINGERPRINT = "source.fingerprint";

  /** The digest of the source VM's spec alone, which is cheap to look at again. */
  static final String SPEC = "source.spec";

  /** The uid of the source VM. */
  static final String SOURCE_UID = "source.uid";

  /** The uid of the source's running instance. */
  static final String SOURCE_INSTANCE = "source.instance";

  /** The source's run strategy when the run began, as {@link SourceStrategy} spells it. */
  static final String STRATEGY = "source.strategy";

  /** That the source's strategy is, or is about to be, switched to Manual for the copy. */
  static final String SWITCHED = "source.switched";

  /** That the source was halted after the hand-over. */
  static final String HALTED = "source.halted";

  /** Every place that the run may create an object at, one a line. */
  static final String RESERVED = "target.reserved";

  /** The uid of the halted machine that becomes the receiver; absent when one is made. */
  static final String ADOPTED = "target.adopted";

  /** The claims on the target that come with it, one a line. */
  static final String ADOPTED_CLAIMS = "target.adopted.claims";

  /** The volumes of the machine, by name, one a line. */
  static final String VOLUMES = "target.volumes";

  /** The run strategy that the machine shall have on the target. */
  static final String RESTORE = "target.strategy";

  /** That the volumes have their owner. */
  static final String OWNED = "target.owned";

  /** The settings that were in force when the run began, as JSON. */
  static final String SETTINGS = "settings";

  /** Which attempt this is; the first when absent. */
  static final String ATTEMPT = "attempt";

  /** The uids of the halves of an attempt that has failed and is being taken away. */
  static final String ENDED = "attempt.ended";

  /** The uids of the halves of all attempts before this one. */
  static final String SPENT = "attempt.spent";

  /** That the halves of this attempt were touched in this stage. */
  static final String TOUCHED = "touched";

  /** That trust was lost while halves were under way, and not yet made good. */
  static final String DISTRUST = "trust.lost";

  /** That the send half of this attempt was deleted by this run itself. */
  static final String FENCED = "rollback.fenced";

  /** That what would stay of this attempt for good is forced. */
  static final String FORCED = "rollback.forced";

  /** That the source's guest died by itself during the move, so that it is to be started again. */
  static final String DIED = "rollback.source-died";

  /** What the prefix of the traits of the guest's identity is. */
  static final String IDENTITY = "identity/";

  /** That the status was lost and made anew. */
  static final String RESUMED = "resumed";

  /** What the first phase records, besides the identity; also kept on the receiver. */
  static final Set<String> FIRST =
      Set.of(
          FINGERPRINT,
          SPEC,
          SOURCE_UID,
          SOURCE_INSTANCE,
          STRATEGY,
          RESERVED,
          VOLUMES,
          RESTORE,
          ADOPTED,
          ADOPTED_CLAIMS,
          SETTINGS);

  private Facts() {}
}
