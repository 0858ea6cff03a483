package dev.migrator.testkit;

import dev.migrator.model.VmStatus;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every rule of {@code docs/provider-contract.md} that can be checked, as a test; extend it and
 * implement {@link #subject}.
 *
 * <pre>{@code
 * class MyProviderVerification extends MigratorVerification {
 *   @Override
 *   protected Subject subject() {
 *     return new MyWorld();
 *   }
 * }
 * }</pre>
 *
 * <p>Test names, and the messages of those that fail, begin with the rule's number; rules about
 * faults are a matrix of tests named {@code <phase> x <fault>}. Tags {@code required} and {@code
 * optional} select by level. What a provider cannot do is declared by overriding a capability; its
 * rules are then skipped, with the reason.
 */
@DisplayNameGeneration(RuleNames.class)
@ExtendWith(RuleInMessage.class)
public abstract class MigratorVerification {

  /** Creates one. */
  protected MigratorVerification() {}

  /**
   * The provider with a fresh world and a plan that it moves without a problem.
   *
   * <p>Called for every run, several hundred times in all; the kit closes what it gets.
   */
  protected abstract Subject subject();

  /** Whether a machine can be cancelled; true unless overridden. */
  protected boolean supportsCancellation() {
    return true;
  }

  /** Whether what was made can be undone when a phase fails; true unless overridden. */
  protected boolean supportsRollBack() {
    return true;
  }

  /** Whether machines may have hooks; true unless overridden. */
  protected boolean supportsHooks() {
    return true;
  }

  /** Whether {@link Subject#outage} is implemented; false unless overridden. */
  protected boolean supportsOutage() {
    return false;
  }

  /** Whether the provider is registered for ServiceLoader; true unless overridden. */
  protected boolean isDiscoverable() {
    return true;
  }

  /** Statuses that earlier releases stored, for the first machine of the plan; none by default. */
  protected List<VmStatus> storedStatuses() {
    return List.of();
  }

  /** How long a turn may take by the wall clock before it counts as blocked; 30 s by default. */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  /** Of how many cells of a matrix one is run, for a world that is slow; 1, all, by default. */
  protected int oneIn() {
    return 1;
  }

  private Trial trial() {
    return new Trial(this::subject, patience(), oneIn());
  }

  @Checks.Required
  @Checks(Rule.M1_1)
  void itineraryIsStable() {
    declarations().itineraryIsStable();
  }

  @Checks.Required
  @Checks(Rule.M1_2)
  void declaringDoesNothing() {
    declarations().declaringDoesNothing();
  }

  @Checks.Required
  @Checks(Rule.M1_3)
  void stepIsTotal() {
    declarations().stepIsTotal();
  }

  @Checks.Required
  @Checks(Rule.M1_4)
  void nextVisitsTheSelection() {
    declarations().nextVisitsTheSelection();
  }

  @Checks.Required
  @Checks(Rule.M1_5)
  void unknownPhaseIsAnError() {
    declarations().unknownPhaseIsAnError();
  }

  @Checks.Required
  @Checks(Rule.M1_6)
  void unselectedPhaseIsAnError() {
    declarations().unselectedPhaseIsAnError();
  }

  @Checks.Required
  @Checks(Rule.M1_7)
  void resetBegins() {
    declarations().resetBegins();
  }

  @Checks.Required
  @Checks(Rule.M1_8)
  void statusIsPending() {
    declarations().statusIsPending();
  }

  @Checks.Required
  @Checks(Rule.M1_9)
  void pipelineIsPending() {
    declarations().pipelineIsPending();
  }

  @Checks.Required
  @Checks(Rule.M1_10)
  void inputIsLeftAlone() {
    declarations().inputIsLeftAlone();
  }

  @Test
  @Checks(Rule.M1_11)
  @Tag("optional")
  void storedSelectionsAreContinued() {
    need(!storedStatuses().isEmpty(), "no earlier release stored a status");
    declarations().storedSelectionsAreContinued(storedStatuses());
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M2_1)
  Stream<DynamicTest> actionSurvivesCrash() {
    return actions().sameEndAtEveryPhase(Rule.M2_1);
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M2_2)
  Stream<DynamicTest> actionMayBeRepeated() {
    return actions().sameEndAtEveryPhase(Rule.M2_2);
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M2_3)
  Stream<DynamicTest> actionMayComeLate() {
    return actions().noHarmAtEveryPhase(Rule.M2_3);
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M2_4)
  Stream<DynamicTest> actionRidesThrough() {
    need(supportsOutage(), "outages cannot be simulated");
    return actions().sameEndAtEveryPhase(Rule.M2_4);
  }

  @Checks.Required
  @Checks(Rule.M2_5)
  void actionReturns() {
    actions().actionsReturn();
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M2_6)
  Stream<DynamicTest> interruptIsKept() {
    return actions().withoutMisdeedAtEveryPhase(Rule.M2_6);
  }

  @Checks.Required
  @Checks(Rule.M2_7)
  void outcomeIsReturned() {
    actions().outcomesAreReturned();
  }

  @Checks.Required
  @Checks(Rule.M2_8)
  void awaitsExplainThemselves() {
    actions().awaitsExplainThemselves();
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M2_9)
  Stream<DynamicTest> waitsEnd() {
    return actions().endsAtEveryPhase(Rule.M2_9);
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M2_10)
  Stream<DynamicTest> clockMayJump() {
    return actions().endsAtEveryPhase(Rule.M2_10);
  }

  @Checks.Required
  @Checks(Rule.M2_11)
  void nothingIsKeptInMemory() {
    actions().nothingIsKeptInMemory();
  }

  @Checks.Required
  @Checks(Rule.M2_12)
  void namesAreDeterministic() {
    actions().namesAreDeterministic();
  }

  @Checks.Required
  @Checks(Rule.M2_13)
  void machinesDoNotDisturbEachOther() {
    actions().machinesDoNotDisturbEachOther();
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M3_1)
  Stream<DynamicTest> completeIsAnEnsure() {
    return endings().completeIsAnEnsure(supportsRollBack(), supportsCancellation());
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M3_2)
  Stream<DynamicTest> failuresLeaveNothing() {
    need(supportsRollBack(), "nothing can be undone");
    return endings().failuresLeaveNothing();
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M3_3)
  Stream<DynamicTest> cancelsLeaveNothing() {
    need(supportsCancellation(), "machines cannot be cancelled");
    return endings().cancelsLeaveNothing();
  }

  @Checks.Required
  @Checks(Rule.M3_4)
  void recordedHandOverStands() {
    endings().recordedHandOverStands();
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M3_5)
  Stream<DynamicTest> unrecordedHandOverIsFound() {
    need(supportsCancellation(), "machines cannot be cancelled");
    return endings().unrecordedHandOversAreFound();
  }

  @Checks.Required
  @Checks(Rule.M3_6)
  void handOverIsToldInTime() {
    endings().handOverIsToldInTime();
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M3_7)
  Stream<DynamicTest> guestIsNeverLost() {
    return endings().guestIsNeverLost();
  }

  @Checks.Required
  @Checks(Rule.M3_8)
  void successLeavesOneGuest() {
    endings().successLeavesOneGuest();
  }

  @Checks.Required
  @Checks(Rule.M3_9)
  void everyObjectIsInTheLedger() {
    endings().everyObjectIsInTheLedger();
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M4_1)
  Stream<DynamicTest> beginIsAnEnsure() {
    return plans().beginIsAnEnsure();
  }

  @Checks.Required
  @Checks(Rule.M4_2)
  void validateDoesNotWrite() {
    plans().validateDoesNotWrite();
  }

  @Checks.Required
  @Checks(Rule.M4_3)
  void concernsAreSensible() {
    plans().concernsAreSensible();
  }

  @Checks.Required
  @Checks(Rule.M4_4)
  void unknownSettingsAreRefused() {
    plans().unknownSettingsAreRefused();
  }

  @Checks.Required
  @Checks(Rule.M4_5)
  void closeIsTolerant() {
    plans().closeIsTolerant();
  }

  @Checks.RequiredMatrix
  @Checks(Rule.M4_6)
  Stream<DynamicTest> hooksRunOnce() {
    need(supportsHooks(), "machines have no hooks");
    return plans().hooksRunOnce();
  }

  @Checks.Required
  @Checks(Rule.M4_7)
  void secretsStaySecret() {
    plans().secretsStaySecret();
  }

  @Checks.Required
  @Checks(Rule.P1_1)
  void idIsProper() {
    provider().idIsProper();
  }

  @Checks.Required
  @Checks(Rule.P1_2)
  void supportsOnlyItsOwn() {
    provider().supportsOnlyItsOwn();
  }

  @Checks.Required
  @Checks(Rule.P1_3)
  void createDoesNothing() {
    provider().createDoesNothing();
  }

  @Checks.Required
  @Checks(Rule.P1_4)
  void migratorsAreIndependent() {
    provider().migratorsAreIndependent();
  }

  @Test
  @Checks(Rule.P1_5)
  @Tag("optional")
  void providerIsDiscovered() {
    need(isDiscoverable(), "it is not registered for ServiceLoader");
    provider().providerIsDiscovered();
  }

  private DeclarationRules declarations() {
    return new DeclarationRules(trial(), supportsOutage());
  }

  private ActionRules actions() {
    return new ActionRules(trial());
  }

  private EndingRules endings() {
    return new EndingRules(trial());
  }

  private PlanRules plans() {
    return new PlanRules(trial());
  }

  private ProviderRules provider() {
    return new ProviderRules(trial(), supportsOutage());
  }

  private static void need(boolean capability, String what) {
    Assumptions.assumeTrue(capability, "Skipped: the provider declares that " + what);
  }
}
