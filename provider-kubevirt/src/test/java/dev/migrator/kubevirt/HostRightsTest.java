package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.Hook;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.spi.HookStage;
import dev.migrator.testkit.apiserver.AccessRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A host whose connection lacks a verb of role host is told before anything is written. */
final class HostRightsTest {

  private static final AccessRule ROLE = ShippedRoles.of(Grant.HOST);

  @Test
  void underTheRoleNothingIsMissing() {
    try (HookFixture fixture = fixture()) {
      fixture.clusters.access(Side.SOURCE, ROLE);
      assertThat(fixture.runner.validate(fixture.plan)).isEmpty();
    }
  }

  @Test
  void eachVerbThatIsMissingIsNamedAndNothingIsWritten() {
    try (HookFixture fixture = fixture()) {
      List<String> silent = new ArrayList<>();
      for (Right right : Rights.all()) {
        for (String verb : right.grant() == Grant.HOST ? right.verbs() : List.<String>of()) {
          fixture.clusters.access(
              Side.SOURCE,
              question ->
                  ROLE.allows(question)
                      && !(question.verb().equals(verb)
                          && question.resource().equals(right.kind().plural())));
          if (fixture.runner.validate(fixture.plan).stream()
              .noneMatch(
                  concern ->
                      concern.isCritical()
                          && concern.subject().contains(verb)
                          && concern.subject().contains(right.kind().plural()))) {
            silent.add(verb + " " + right.resource());
          }
        }
      }

      assertThat(silent).isEmpty();
      assertThat(fixture.clusters.requests(Side.SOURCE).writes()).isEmpty();
    }
  }

  @Test
  void aMachineWhoseHookCannotRunIsRefusedBeforeItsFirstPhase() {
    try (HookFixture fixture = fixture()) {
      fixture.clusters.access(
          Side.SOURCE, question -> ROLE.allows(question) && !question.resource().equals("jobs"));
      fixture.turn();
      assertThat(fixture.status(HookFixture.WEB).state()).isEqualTo(VmState.FAILED);
      assertThat(fixture.status(HookFixture.WEB).failure())
          .asString()
          .contains("RightMissing", "jobs.batch in namespace hooks of the host", "run a hook");
      assertThat(fixture.jobs()).isEmpty();
    }
  }

  @Test
  void aServerThatAnswersNoReviewIsNamed() {
    try (HookFixture fixture = fixture()) {
      fixture.clusters.faults(Side.SOURCE, RightsMissingTest.answering("selfsubject", 403));
      assertThat(fixture.runner.validate(fixture.plan))
          .extracting(Concern::code)
          .containsOnly("RightsUnknown");
    }
  }

  private static HookFixture fixture() {
    HookFixture fixture =
        new HookFixture(HookFixture.plan(HookStage.PRE, HookFixture.hook(Hook.OnFailure.ABORT)));
    fixture.store =
        new KubernetesStatusStore(fixture.clusters.client(Side.SOURCE), HookFixture.NAMESPACE);
    fixture.start();
    return fixture;
  }
}
