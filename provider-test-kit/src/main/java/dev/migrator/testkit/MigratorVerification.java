package dev.migrator.testkit;

import dev.migrator.model.VmStatus;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

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
 * <p>Test names begin with the rule's number; rules about faults are a matrix of tests named {@code
 * <phase> x <fault>}. Tags {@code required} and {@code optional} select by level. What a provider
 * cannot do is declared by overriding a capability; its rules are then skipped, with the reason.
 */
@DisplayNameGeneration(RuleNames.class)
public abstract class MigratorVerification {

  private Trial trial = new Trial(this::subject, Duration.ZERO);

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

  /** How long a run may take by the wall clock before it counts as blocked; 30 s by default. */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  @BeforeEach
  void prepare() {
    trial = new Trial(this::subject, patience());
  }

  @Test
  @Checks(Rule.M1_1)
  @Tag("required")
  void itineraryIsStable() {
    new DeclarationRules(trial, supportsOutage()).itineraryIsStable();
  }

  @Test
  @Checks(Rule.M1_2)
  @Tag("required")
  void declaringDoesNothing() {
    new DeclarationRules(trial, supportsOutage()).declaringDoesNothing();
  }

  @Test
  @Checks(Rule.M1_3)
  @Tag("required")
  void stepIsTotal() {
    new DeclarationRules(trial, supportsOutage()).stepIsTotal();
  }

  @Test
  @Checks(Rule.M1_4)
  @Tag("required")
  void nextVisitsTheSelection() {
    new DeclarationRules(trial, supportsOutage()).nextVisitsTheSelection();
  }

  @Test
  @Checks(Rule.M1_5)
  @Tag("required")
  void unknownPhaseIsAnError() {
    new DeclarationRules(trial, supportsOutage()).unknownPhaseIsAnError();
  }

  @Test
  @Checks(Rule.M1_6)
  @Tag("required")
  void unselectedPhaseIsAnError() {
    new DeclarationRules(trial, supportsOutage()).unselectedPhaseIsAnError();
  }

  @Test
  @Checks(Rule.M1_7)
  @Tag("required")
  void resetBegins() {
    new DeclarationRules(trial, supportsOutage()).resetBegins();
  }

  @Test
  @Checks(Rule.M1_8)
  @Tag("required")
  void statusIsPending() {
    new DeclarationRules(trial, supportsOutage()).statusIsPending();
  }

  @Test
  @Checks(Rule.M1_9)
  @Tag("required")
  void pipelineIsPending() {
    new DeclarationRules(trial, supportsOutage()).pipelineIsPending();
  }

  @Test
  @Checks(Rule.M1_10)
  @Tag("required")
  void inputIsLeftAlone() {
    new DeclarationRules(trial, supportsOutage()).inputIsLeftAlone();
  }

  @Test
  @Checks(Rule.M1_11)
  @Tag("optional")
  void storedSelectionsAreContinued() {
    need(!storedStatuses().isEmpty(), "no earlier release stored a status");
    new DeclarationRules(trial, supportsOutage()).storedSelectionsAreContinued(storedStatuses());
  }

  @TestFactory
  @Checks(Rule.M2_1)
  @Tag("required")
  Stream<DynamicTest> actionSurvivesCrash() {
    return new ActionRules(trial).sameEndAtEveryPhase(Rule.M2_1);
  }

  @TestFactory
  @Checks(Rule.M2_2)
  @Tag("required")
  Stream<DynamicTest> actionMayBeRepeated() {
    return new ActionRules(trial).sameEndAtEveryPhase(Rule.M2_2);
  }

  @TestFactory
  @Checks(Rule.M2_3)
  @Tag("required")
  Stream<DynamicTest> actionMayComeLate() {
    return new ActionRules(trial).noHarmAtEveryPhase(Rule.M2_3);
  }

  @TestFactory
  @Checks(Rule.M2_4)
  @Tag("required")
  Stream<DynamicTest> actionRidesThrough() {
    need(supportsOutage(), "outages cannot be simulated");
    return new ActionRules(trial).sameEndAtEveryPhase(Rule.M2_4);
  }

  @Test
  @Checks(Rule.M2_5)
  @Tag("required")
  void actionReturns() {
    new ActionRules(trial).actionsReturn();
  }

  @TestFactory
  @Checks(Rule.M2_6)
  @Tag("required")
  Stream<DynamicTest> interruptIsKept() {
    return new ActionRules(trial).withoutMisdeedAtEveryPhase(Rule.M2_6);
  }

  @Test
  @Checks(Rule.M2_7)
  @Tag("required")
  void outcomeIsReturned() {
    new ActionRules(trial).outcomesAreReturned();
  }

  @Test
  @Checks(Rule.M2_8)
  @Tag("required")
  void awaitsExplainThemselves() {
    new ActionRules(trial).awaitsExplainThemselves();
  }

  @TestFactory
  @Checks(Rule.M2_9)
  @Tag("required")
  Stream<DynamicTest> waitsEnd() {
    return new ActionRules(trial).endsAtEveryPhase(Rule.M2_9);
  }

  @TestFactory
  @Checks(Rule.M2_10)
  @Tag("required")
  Stream<DynamicTest> clockMayJump() {
    return new ActionRules(trial).endsAtEveryPhase(Rule.M2_10);
  }

  @Test
  @Checks(Rule.M2_11)
  @Tag("required")
  void nothingIsKeptInMemory() {
    new ActionRules(trial).nothingIsKeptInMemory();
  }

  @Test
  @Checks(Rule.M2_12)
  @Tag("required")
  void namesAreDeterministic() {
    new ActionRules(trial).namesAreDeterministic();
  }

  @Test
  @Checks(Rule.M2_13)
  @Tag("required")
  void machinesDoNotDisturbEachOther() {
    new ActionRules(trial).machinesDoNotDisturbEachOther();
  }

  @TestFactory
  @Checks(Rule.M3_1)
  @Tag("required")
  Stream<DynamicTest> completeIsAnEnsure() {
    return new EndingRules(trial).completeIsAnEnsure(supportsRollBack(), supportsCancellation());
  }

  @TestFactory
  @Checks(Rule.M3_2)
  @Tag("required")
  Stream<DynamicTest> failuresLeaveNothing() {
    need(supportsRollBack(), "nothing can be undone");
    return new EndingRules(trial).failuresLeaveNothing();
  }

  @TestFactory
  @Checks(Rule.M3_3)
  @Tag("required")
  Stream<DynamicTest> cancelsLeaveNothing() {
    need(supportsCancellation(), "machines cannot be cancelled");
    return new EndingRules(trial).cancelsLeaveNothing();
  }

  @Test
  @Checks(Rule.M3_4)
  @Tag("required")
  void recordedHandOverStands() {
    new EndingRules(trial).recordedHandOverStands();
  }

  @TestFactory
  @Checks(Rule.M3_5)
  @Tag("required")
  Stream<DynamicTest> unrecordedHandOverIsFound() {
    need(supportsCancellation(), "machines cannot be cancelled");
    return new EndingRules(trial).unrecordedHandOversAreFound();
  }

  @Test
  @Checks(Rule.M3_6)
  @Tag("required")
  void handOverIsToldInTime() {
    new EndingRules(trial).handOverIsToldInTime();
  }

  @TestFactory
  @Checks(Rule.M3_7)
  @Tag("required")
  Stream<DynamicTest> guestIsNeverLost() {
    return new EndingRules(trial).guestIsNeverLost();
  }

  @Test
  @Checks(Rule.M3_8)
  @Tag("required")
  void successLeavesOneGuest() {
    new EndingRules(trial).successLeavesOneGuest();
  }

  @Test
  @Checks(Rule.M3_9)
  @Tag("required")
  void everyObjectIsInTheLedger() {
    new EndingRules(trial).everyObjectIsInTheLedger();
  }

  @TestFactory
  @Checks(Rule.M4_1)
  @Tag("required")
  Stream<DynamicTest> beginIsAnEnsure() {
    return new PlanRules(trial).beginIsAnEnsure();
  }

  @Test
  @Checks(Rule.M4_2)
  @Tag("required")
  void validateDoesNotWrite() {
    new PlanRules(trial).validateDoesNotWrite();
  }

  @Test
  @Checks(Rule.M4_3)
  @Tag("required")
  void concernsAreSensible() {
    new PlanRules(trial).concernsAreSensible();
  }

  @Test
  @Checks(Rule.M4_4)
  @Tag("required")
  void unknownSettingsAreRefused() {
    new PlanRules(trial).unknownSettingsAreRefused();
  }

  @Test
  @Checks(Rule.M4_5)
  @Tag("required")
  void closeIsTolerant() {
    new PlanRules(trial).closeIsTolerant();
  }

  @TestFactory
  @Checks(Rule.M4_6)
  @Tag("required")
  Stream<DynamicTest> hooksRunOnce() {
    need(supportsHooks(), "machines have no hooks");
    return new PlanRules(trial).hooksRunOnce();
  }

  @Test
  @Checks(Rule.M4_7)
  @Tag("required")
  void secretsStaySecret() {
    new PlanRules(trial).secretsStaySecret();
  }

  @Test
  @Checks(Rule.P1_1)
  @Tag("required")
  void idIsProper() {
    new ProviderRules(trial, supportsOutage()).idIsProper();
  }

  @Test
  @Checks(Rule.P1_2)
  @Tag("required")
  void supportsOnlyItsOwn() {
    new ProviderRules(trial, supportsOutage()).supportsOnlyItsOwn();
  }

  @Test
  @Checks(Rule.P1_3)
  @Tag("required")
  void createDoesNothing() {
    new ProviderRules(trial, supportsOutage()).createDoesNothing();
  }

  @Test
  @Checks(Rule.P1_4)
  @Tag("required")
  void migratorsAreIndependent() {
    new ProviderRules(trial, supportsOutage()).migratorsAreIndependent();
  }

  @Test
  @Checks(Rule.P1_5)
  @Tag("optional")
  void providerIsDiscovered() {
    need(isDiscoverable(), "it is not registered for ServiceLoader");
    new ProviderRules(trial, supportsOutage()).providerIsDiscovered();
  }

  private static void need(boolean capability, String what) {
    Assumptions.assumeTrue(capability, "Skipped: the provider declares that " + what);
  }
}
