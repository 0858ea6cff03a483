package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/**
 * What a provider cannot do is declared, and its rules are reported as skipped, with the reason.
 */
class CapabilitiesTest {

  @Test
  void whatIsDeclaredMissingIsSkippedWithItsReasonAndNothingElseIs() {
    EngineExecutionResults results =
        EngineTestKit.engine("junit-jupiter")
            .selectors(
                Stream.of(
                        "storedSelectionsAreContinued",
                        "actionRidesThrough",
                        "failuresLeaveNothing",
                        "cancelsLeaveNothing",
                        "unrecordedHandOverIsFound",
                        "hooksRunOnce",
                        "providerIsDiscovered",
                        "idIsProper")
                    .map(method -> selectMethod(Modest.class, method))
                    .toArray(MethodSelector[]::new))
            .execute();

    Map<String, String> skipped =
        results.allEvents().aborted().stream()
            .collect(
                Collectors.toMap(
                    event -> event.getTestDescriptor().getDisplayName().split(" ", 2)[0],
                    event ->
                        event
                            .getRequiredPayload(TestExecutionResult.class)
                            .getThrowable()
                            .orElseThrow()
                            .getMessage()));
    assertThat(skipped)
        .containsOnlyKeys("M1.11", "M2.4", "M3.2", "M3.3", "M3.5", "M4.6", "P1.5")
        .hasEntrySatisfying(
            "M4.6",
            reason -> assertThat(reason).contains("the provider declares that machines have no"));
    results.allEvents().failed().assertThatEvents().isEmpty();
  }

  /** Can do nothing but move a machine; run by the test above only. */
  static final class Modest extends MigratorVerification {
    @Override
    protected Subject subject() {
      return new SimulatedWorld();
    }

    @Override
    protected boolean supportsCancellation() {
      return false;
    }

    @Override
    protected boolean supportsRollBack() {
      return false;
    }

    @Override
    protected boolean supportsHooks() {
      return false;
    }

    @Override
    protected boolean isDiscoverable() {
      return false;
    }
  }
}
