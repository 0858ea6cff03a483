package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;

/** What stands at the end of a scenario, the same at every level. */
final class StageAssert {

  private StageAssert() {}

  /** The guest runs on the target, once, under the strategy, and nothing of the move is left. */
  static void assertMoved(Stage stage, VmStatus end, String strategy) {
    assertThat(end.state()).as(stage::describe).isEqualTo(VmState.SUCCEEDED);
    assertThat(stage.running()).as(stage::describe).containsExactly(Side.TARGET);
    assertThat(stage.strategy(Side.SOURCE)).isIn("Halted", "gone");
    assertThat(stage.strategy(Side.TARGET)).isEqualTo(strategy);
    assertThat(stage.instance(Side.SOURCE)).isEqualTo("gone");
    assertNoHalf(stage);
    assertThat(stage.violations()).isEmpty();
  }

  /** The guest runs on the source as before, and nothing is left on the target. */
  static void assertUndone(Stage stage, VmStatus end, VmState state, String strategy) {
    assertStopped(stage, end, state, strategy);
    assertThat(stage.running()).as(stage::describe).containsExactly(Side.SOURCE);
  }

  /** Nothing is left on the target, and the source is as its run strategy says. */
  static void assertStopped(Stage stage, VmStatus end, VmState state, String strategy) {
    assertThat(end.state()).as(stage::describe).isEqualTo(state);
    assertThat(end.ledger()).isEmpty();
    assertThat(end.handedOver()).isNull();
    assertThat(stage.runs(Side.TARGET)).isFalse();
    assertThat(stage.strategy(Side.SOURCE)).isEqualTo(strategy);
    assertThat(stage.objects(Side.TARGET)).isEmpty();
    assertNoHalf(stage);
    assertThat(stage.violations()).isEmpty();
  }

  private static void assertNoHalf(Stage stage) {
    for (Side side : new Side[] {Side.SOURCE, Side.TARGET}) {
      assertThat(stage.objects(side))
          .noneMatch(name -> name.startsWith(Kind.MIGRATION.kind() + "/"));
    }
  }
}
