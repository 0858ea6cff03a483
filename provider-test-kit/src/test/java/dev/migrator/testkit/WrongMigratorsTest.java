package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigratorProvider;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The kit is tested: what is wrong is caught by the rule that is meant to catch it. */
class WrongMigratorsTest {

  static Stream<Wrong> wrongs() {
    return Stream.of(
            WrongDeclarations.all(), WrongActions.all(), WrongEndings.all(), WrongProviders.all())
        .flatMap(all -> all);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongs")
  void isCaughtByTheRuleMeantForIt(Wrong wrong) {
    EngineExecutionResults results = verify(wrong);

    assertThat(failures(results))
        .as("failures of %s; %s", wrong.caughtBy(), wrong.name())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(Rule.of(name)).isEqualTo(wrong.caughtBy()));
    assertThat(messages(results))
        .as("what a report without display names shows")
        .isNotEmpty()
        .allSatisfy(message -> assertThat(message).startsWith(wrong.caughtBy().toString()));
  }

  @Test
  void aRegisteredProviderIsFound() {
    Wrong registered = new Wrong("Registered", Rule.P1_5, right -> new RegisteredProvider());

    assertThat(failures(verify(registered))).isEmpty();
  }

  @Test
  void everyRuleHasCaughtSomething() {
    assertThat(wrongs().map(Wrong::caughtBy)).contains(Rule.values());
  }

  private static EngineExecutionResults verify(Wrong wrong) {
    Verification.CURRENT.set(wrong);
    try {
      return EngineTestKit.engine("junit-jupiter")
          .selectors(selectMethod(Verification.class, testOf(wrong.caughtBy())))
          .execute();
    } finally {
      Verification.CURRENT.remove();
    }
  }

  /** The names of the rules' tests, and of what they consist of, that failed. */
  private static List<String> failures(EngineExecutionResults results) {
    return results
        .allEvents()
        .failed()
        .map(
            event -> {
              String own = event.getTestDescriptor().getDisplayName();
              return Rule.of(own) != null
                  ? own
                  : event.getTestDescriptor().getParent().orElseThrow().getDisplayName();
            })
        .toList();
  }

  private static List<String> messages(EngineExecutionResults results) {
    return results
        .allEvents()
        .failed()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(failed -> failed.getThrowable().orElseThrow().getMessage())
        .toList();
  }

  private static Method testOf(Rule rule) {
    return Arrays.stream(MigratorVerification.class.getDeclaredMethods())
        .filter(
            method ->
                method.isAnnotationPresent(Checks.class)
                    && method.getAnnotation(Checks.class).value() == rule)
        .findFirst()
        .orElseThrow();
  }

  /** Verifies what is currently wrong; run by the tests above only. */
  static final class Verification extends MigratorVerification {

    static final ThreadLocal<Wrong> CURRENT = new ThreadLocal<>();

    @Override
    protected Subject subject() {
      return new World(CURRENT.get());
    }

    @Override
    protected boolean supportsOutage() {
      return true;
    }

    @Override
    protected List<VmStatus> storedStatuses() {
      return SimulatedProviderVerificationTest.storedBefore();
    }

    @Override
    protected Duration patience() {
      return CURRENT.get().name().equals("Blocks") ? Duration.ofMillis(500) : super.patience();
    }
  }

  /** The simulated world with another provider. */
  private static final class World implements Subject {

    private final SimulatedWorld world = new SimulatedWorld();
    private final Wrong wrong;

    World(Wrong wrong) {
      this.wrong = wrong;
    }

    @Override
    public ManualClock clock() {
      return world.clock();
    }

    @Override
    public MigratorProvider provider() {
      return wrong.provider().apply(world.provider());
    }

    @Override
    public MigrationPlan plan() {
      return world.plan();
    }

    @Override
    public @Nullable Object connection(Endpoint endpoint, Class<?> type) {
      return world.connection(endpoint, type);
    }

    @Override
    public void settle() {
      world.settle();
    }

    @Override
    public Map<String, String> snapshot() {
      return world.snapshot();
    }

    @Override
    public Set<Side> whereabouts(PlannedVm vm) {
      Set<Side> sides = EnumSet.noneOf(Side.class);
      sides.addAll(world.whereabouts(vm));
      return sides;
    }

    @Override
    public Set<String> secrets() {
      return world.secrets();
    }

    @Override
    public void outage(boolean unreachable) {
      world.outage(unreachable);
    }
  }
}
