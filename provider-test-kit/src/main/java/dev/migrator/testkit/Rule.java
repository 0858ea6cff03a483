package dev.migrator.testkit;

import dev.migrator.testkit.FaultPlan.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@code docs/provider-contract.md}, declared once for the verification; the document
 * tells the intent of each.
 */
enum Rule {
  M1_1("itinerary MUST return the same phases, steps and conditions for the same plan and machine"),
  M1_2("itinerary, pipeline, status, step and next MUST NOT do I/O or change anything"),
  M1_3("step MUST give every selected phase one of the pipeline's steps, in the pipeline's order"),
  M1_4("next MUST visit exactly the selected phases in declared order and end only after the last"),
  M1_5("next, step and executePhase MUST throw for a phase that is unknown"),
  M1_6("next, step and executePhase MUST throw for a phase that was not selected"),
  M1_7("reset MUST put the machine before the first selected phase and keep everything else"),
  M1_8("status MUST be a pending one of this plan, run and machine"),
  M1_9("pipeline MUST name each step once, pending"),
  M1_10("a migrator MUST NOT change what it is given"),
  M1_11("a stored selection of an earlier release SHOULD still be found and continued", false),

  M2_1(
      "an action MUST be an ensure: executed again after a crash it reaches the same end",
      Kind.CRASH_BEFORE_SAVE,
      Kind.CRASH_AFTER_SAVE),
  M2_2(
      "an action MUST reach the same end when it is repeated, or when its answer is lost",
      Kind.DUPLICATE_TURN,
      Kind.THROWS,
      Kind.THROWS_AFTERWARDS,
      Kind.SAVE_CONFLICT,
      Kind.SAVE_ANSWER_LOST),
  M2_3(
      "an action MUST do no harm when another runner is at the same machine or it comes late",
      Kind.TWO_RUNNERS,
      Kind.STALE_STATUS),
  M2_4("an action MUST NOT advance when its requests fail, and MUST ride through", Kind.OUTAGE),
  M2_5("an action MUST return; to wait it returns an await"),
  M2_6("an action MUST NOT swallow an interrupt", Kind.INTERRUPT),
  M2_7("an action MUST return an outcome or throw an Exception, never null and never an Error"),
  M2_8("an await MUST say what it waits for, by a name and a sentence, and when to look again"),
  M2_9("every wait MUST end when the world stands still", Kind.NEVER_SATISFIED),
  M2_10("a jump of the clock MUST NOT harm a machine", Kind.CLOCK_JUMP),
  M2_11("what a migrator needs tomorrow MUST be in the status or in the clusters"),
  M2_12("names MUST be deterministic: the same plan in an equal world makes the same objects"),
  M2_13("machines of one plan MUST NOT disturb each other"),

  M3_1(
      "complete MUST be an ensure: repeated it reaches the same end",
      Kind.CRASH_BEFORE_SAVE,
      Kind.CRASH_AFTER_SAVE,
      Kind.DUPLICATE_TURN,
      Kind.THROWS_AFTERWARDS),
  M3_2(
      "after a failure before the hand-over complete MUST leave nothing and the guest on the source",
      Kind.FAILS,
      Kind.FAILS_AFTERWARDS),
  M3_3(
      "after a cancel before the hand-over complete MUST leave nothing and the guest on the source",
      Kind.CANCEL),
  M3_4("complete MUST NOT undo a recorded hand-over"),
  M3_5(
      "complete MUST find a hand-over that is not recorded yet, and say so instead of undoing it",
      Kind.CANCEL_AFTER_CRASH),
  M3_6("a hand-over MUST be told by the first action that finds it, and never before it happened"),
  M3_7("the guest MUST NOT be lost: never nowhere, and on the target once handed over"),
  M3_8("after a success the guest MUST be on the target only"),
  M3_9("every object that is made MUST be in the ledger before the next phase"),

  M4_1(
      "begin MUST be an ensure: called again, also after a crash, it reaches the same end",
      Kind.CRASH_BEFORE_SAVE,
      Kind.DUPLICATE_TURN,
      Kind.THROWS_AFTERWARDS),
  M4_2("validate MUST NOT write"),
  M4_3("validate MUST NOT find a critical concern in a plan that can be run, and MUST be readable"),
  M4_4("validate MUST refuse a setting that the provider does not know"),
  M4_5("close MUST tolerate that nothing was prepared, and that it is called again"),
  M4_6("a hook before the move MUST run once before anything is written, one after it once moved"),
  M4_7("the value of a secret MUST NOT be in a status, an event or a message"),

  P1_1("id MUST match [a-z][a-z0-9-]*, not begin with migrator-, and never change"),
  P1_2("supports MUST be true for its own plans and false, without an exception, for others"),
  P1_3("create MUST NOT do I/O"),
  P1_4("create MUST make independent migrators"),
  P1_5("a provider SHOULD be found by ServiceLoader", false);

  /** The rules that no test can check; the document lists them as untested. */
  static final List<String> UNTESTED =
      List.of("M5.1", "M5.2", "M5.3", "M5.4", "M5.5", "M5.6", "P2.1", "P2.2");

  private final String sentence;
  private final boolean required;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Kind> kinds;

  Rule(String sentence, Kind... kinds) {
    this(sentence, true, kinds);
  }

  Rule(String sentence, boolean required, Kind... kinds) {
    this.sentence = sentence;
    this.required = required;
    this.kinds = List.of(kinds);
  }

  /** The id as documents and test names spell it, such as {@code M2.11}. */
  String id() {
    return name().replace('_', '.');
  }

  /** What is demanded. */
  String sentence() {
    return sentence;
  }

  boolean isRequired() {
    return required;
  }

  /** The faults under which it is checked. */
  Kind[] kinds() {
    return kinds.toArray(Kind[]::new);
  }

  /** Finds a rule by what a test name begins with. */
  static @Nullable Rule of(String displayName) {
    for (Rule rule : values()) {
      if (displayName.startsWith(rule.id() + " ")) {
        return rule;
      }
    }
    return null;
  }

  /** The name of its test. */
  @Override
  public String toString() {
    return id() + " " + sentence;
  }
}
