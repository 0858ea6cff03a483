package dev.migrator.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ConditionTest {

  private static final PlannedVm VM = PlannedVm.of(new VmRef("demo", "web"));
  private static final MigrationPlan PLAN =
      MigrationPlan.builder("p", Endpoint.of("a", "east"), Endpoint.of("a", "west")).vm(VM).build();

  private static Condition fixed(boolean value) {
    return (plan, vm) -> value;
  }

  private static Condition[] fixed(List<Boolean> values) {
    return values.stream().map(ConditionTest::fixed).toArray(Condition[]::new);
  }

  private static boolean test(Condition condition) {
    return condition.test(PLAN, VM);
  }

  @Property
  void allHoldsWhenNoneFails(@ForAll @Size(max = 6) List<Boolean> values) {
    assertThat(test(Condition.all(fixed(values)))).isEqualTo(!values.contains(false));
  }

  @Property
  void anyHoldsWhenOneDoesOrNoneWasAskedFor(@ForAll @Size(max = 6) List<Boolean> values) {
    assertThat(test(Condition.any(fixed(values))))
        .isEqualTo(values.isEmpty() || values.contains(true));
  }

  @Property
  void notTurnsItRound(@ForAll boolean value) {
    assertThat(test(fixed(value).not())).isEqualTo(!value);
    assertThat(test(fixed(value).not().not())).isEqualTo(value);
  }

  @Property
  void notOfAnyIsAllOfNots(@ForAll @Size(min = 1, max = 6) List<Boolean> values) {
    Condition[] nots = values.stream().map(value -> fixed(value).not()).toArray(Condition[]::new);

    assertThat(test(Condition.any(fixed(values)).not())).isEqualTo(test(Condition.all(nots)));
  }

  @Test
  void anyOfFalseIsFalseAndAnyOfNothingIsTrue() {
    assertThat(test(Condition.any(fixed(false)))).isFalse();
    assertThat(test(Condition.any())).isTrue();
    assertThat(test(Condition.always())).isTrue();
  }

  @Test
  void aConditionSeesThePlanAndTheMachine() {
    Condition isWeb = (plan, vm) -> plan.id().equals("p") && vm.source().name().equals("web");

    assertThat(test(isWeb)).isTrue();
    assertThat(isWeb.test(PLAN, PlannedVm.of(new VmRef("demo", "db")))).isFalse();
  }
}
