package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.Migrator;
import dev.migrator.testkit.FaultPlan.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Rules M4: what a migrator does for a plan as a whole, and what it says. */
final class PlanRules {

  private static final String UNKNOWN = "migrator-test-kit-no-such-setting";

  private final Trial trial;

  PlanRules(Trial trial) {
    this.trial = trial;
  }

  Stream<DynamicTest> beginIsAnEnsure() {
    return trial.matrix(
        Rule.M4_1, FaultPlan.BEGIN::equals, (faults, results) -> trial.sameEnd(results));
  }

  void validateDoesNotWrite() {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      Map<String, String> before = direct.subject.snapshot();
      for (PlannedVm vm : direct.plan.vms()) {
        migrator.validate(direct.plan, vm);
      }
      direct.subject.settle();
      assertThat(direct.subject.snapshot()).isEqualTo(before);
    }
  }

  void concernsAreSensible() {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      for (PlannedVm vm : direct.plan.vms()) {
        List<Concern> concerns = migrator.validate(direct.plan, vm);
        assertThat(concerns).as("critical concerns").noneMatch(Concern::isCritical);
        assertReadable(concerns);
        assertReadable(migrator.validate(withSetting(direct.plan), vm));
      }
    }
  }

  void unknownSettingsAreRefused() {
    try (Direct direct = trial.direct()) {
      MigrationPlan plan = direct.plan;
      for (MigrationPlan asking :
          List.of(
              withSetting(plan),
              withEndpoints(plan, asking(plan.source()), plan.target()),
              withEndpoints(plan, plan.source(), asking(plan.target())))) {
        Migrator migrator = direct.created(asking);
        migrator.init();
        List<Concern> concerns = migrator.validate(asking, direct.vm);
        assertThat(concerns)
            .as("concerns about a plan that asks for '%s'", UNKNOWN)
            .anyMatch(concern -> concern.isCritical() && concern.describe().contains(UNKNOWN));
      }
    }
  }

  void closeIsTolerant() {
    try (Direct direct = trial.direct()) {
      Migrator never = direct.created();
      never.close();
      never.close();
      Migrator prepared = direct.migrator();
      prepared.close();
      prepared.close();
      assertThat(direct.created()).isNotNull();
    }
  }

  Stream<DynamicTest> hooksRunOnce() {
    Stream<FaultPlan> faults =
        Stream.concat(
            Stream.of(FaultPlan.none()),
            FaultPlan.matrix(
                List.of("PreHook", "PostHook"), Kind.CRASH_BEFORE_SAVE, Kind.TWO_RUNNERS)
                .stream());
    return faults.map(
        plan ->
            DynamicTest.dynamicTest(
                plan.toString(),
                () -> {
                  MigrationResults results =
                      trial.run(kit -> kit.plan(Plans::withHooks).faults(plan));
                  Trial.judge(results, () -> assertHooks(results));
                }));
  }

  private static void assertHooks(MigrationResults results) {
    Trial.succeeded(results);
    List<Run.HookStart> hooks = results.run().hooks;
    assertThat(hooks)
        .as("hooks that were started")
        .extracting(Run.HookStart::stage)
        .containsExactly(HookStage.PRE, HookStage.POST);
    assertThat(hooks.get(0).world())
        .as("the world when the first hook began")
        .isEqualTo(results.run().baseline);
    assertThat(hooks.get(1).status().isHandedOver())
        .as("handed over when the second hook began")
        .isTrue();
  }

  void secretsStaySecret() {
    Set<String> secrets;
    List<String> said = new ArrayList<>();
    try (Direct direct = trial.direct()) {
      secrets = direct.subject.secrets();
      said.add(direct.migrator().validate(direct.plan, direct.vm).toString());
    }
    List<FaultPlan> plans = new ArrayList<>(List.of(FaultPlan.none()));
    plans.addAll(FaultPlan.matrix(trial.clean().phases(), Kind.FAILS, Kind.DUPLICATE_TURN));
    for (FaultPlan faults : plans) {
      Run run = trial.run(faults).run();
      said.addAll(run.history.stream().map(Object::toString).toList());
      said.addAll(run.events.stream().map(Object::toString).toList());
      run.executions.forEach(execution -> said.add(execution.outcome() + " " + execution.thrown()));
    }
    for (String secret : secrets) {
      assertThat(said)
          .as("what was said and holds the value of a secret")
          .filteredOn(text -> text.contains(secret))
          .isEmpty();
    }
  }

  private static void assertReadable(List<Concern> concerns) {
    assertThat(concerns)
        .allSatisfy(
            concern -> {
              assertThat(concern.code()).matches("[A-Z][A-Za-z0-9]+");
              assertThat(concern.subject()).isNotBlank();
              assertThat(concern.message()).isNotBlank();
              assertThat(concern.remedy()).isNotBlank();
            });
  }

  private static MigrationPlan withSetting(MigrationPlan plan) {
    Map<String, String> settings = new HashMap<>(plan.settings());
    settings.put(UNKNOWN, "x");
    return plan.toBuilder().settings(settings).build();
  }

  private static Endpoint asking(Endpoint endpoint) {
    Map<String, String> settings = new HashMap<>(endpoint.settings());
    settings.put(UNKNOWN, "x");
    return new Endpoint(endpoint.provider(), endpoint.name(), settings);
  }

  private static MigrationPlan withEndpoints(MigrationPlan plan, Endpoint source, Endpoint target) {
    return Plans.with(plan, source, target, plan.vms());
  }
}
