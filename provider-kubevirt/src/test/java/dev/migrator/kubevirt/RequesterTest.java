package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.Requester;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.AccessRule;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** What we may do is not what the person may have who asked for it. */
final class RequesterTest {

  private static final Requester ANN = new Requester("ann", List.of("ops"));

  @Test
  void whoMayDoAllOfItGetsTheMachineMoved() {
    try (MigrationRig rig = rig((side, question) -> isDeclared(side, question))) {
      assertMoved(rig);
    }
  }

  @Test
  void everySingleRightThatThePersonLacksIsNamedAndNothingIsWritten() {
    List<String> silent = new ArrayList<>();
    try (MigrationRig rig = rig((side, question) -> false)) {
      for (Right right : Rights.all()) {
        for (String verb : right.ofRequester()) {
          Side taken = right.grant().sides().get(0);
          may(
              rig,
              (side, question) ->
                  !(side == taken
                          && question.verb().equals(verb)
                          && question.resource().equals(right.kind().plural()))
                      && isDeclared(side, question));
          boolean named =
              rig.runner().validate(rig.plan).stream()
                  .filter(Concern::isCritical)
                  .filter(concern -> concern.code().equals("RequesterRefused"))
                  .anyMatch(
                      concern ->
                          concern.subject().startsWith(verb + " " + right.kind().plural())
                              && concern.message().contains("'ann'"));
          if (!named) {
            silent.add(verb + " " + right);
          }
        }
      }
      assertThat(silent).isEmpty();
      assertNothingWritten(rig);
    }
  }

  @Test
  void aPersonWithoutRightsIsRefusedAlthoughWeHaveThem() {
    try (MigrationRig rig = rig((side, question) -> side == Side.SOURCE)) {
      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure()).isNotNull();
      assertThat(end.failure().message())
          .contains("RequesterRefused", "create virtualmachines.kubevirt.io in namespace ns");
      assertNothingWritten(rig);
    }
  }

  @Test
  void aPersonWhoIsRefusedLearnsNothingOfTheMachine() {
    try (MigrationRig rig = rig((side, question) -> !question.resource().equals("secrets"))) {
      assertThat(rig.runner().validate(rig.plan))
          .filteredOn(concern -> concern.vm() != null)
          .allMatch(Requesters::isAbout);
    }
  }

  @Test
  void theVerySecretsOfTheMachineSuffice() {
    try (MigrationRig rig =
        rig(
            (side, question) ->
                isDeclared(side, question)
                    && (!question.resource().equals("secrets")
                        || question.verb().equals("create")
                        || question.name().equals("user-data")))) {
      assertMoved(rig);
    }
  }

  @Test
  void groupsGrantAsWell() {
    try (MigrationRig rig = rig((side, question) -> question.groups().contains("ops"))) {
      assertThat(rig.runner().validate(rig.plan)).noneMatch(Concern::isCritical);
    }
  }

  @Test
  void aHostThatSkipsValidationIsStoppedBeforeTheFirstWrite() {
    try (MigrationRig rig = rig((side, question) -> side == Side.SOURCE)) {
      rig.settings = builder -> builder.validate(false);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure()).isNotNull();
      assertThat(end.failure().code()).isEqualTo("RequesterRefused");
      assertNothingWritten(rig);
    }
  }

  @Test
  void theFirstPhaseStopsWhatOnlyTheMachineItselfReveals() {
    try (MigrationRig rig = rig((side, question) -> !question.resource().equals("secrets"))) {
      rig.settings = builder -> builder.validate(false);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure()).isNotNull();
      assertThat(end.failure().message()).contains("RequesterRefused", "secrets");
      assertThat(end.ledger()).isEmpty();
      assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE)).isEmpty();
    }
  }

  @Test
  void aReviewThatMayNotBeMadeRefuses() {
    try (MigrationRig rig = rig((side, question) -> true)) {
      rig.clusters.faults(Side.SOURCE, RightsMissingTest.answering("subjectaccessreviews", 403));

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure()).isNotNull();
      assertThat(end.failure().message()).contains("RequesterUnknown", "migrator-requesters");
      assertNothingWritten(rig);
    }
  }

  @Test
  void aReviewThatFailsForATimeIsMadeAgain() {
    try (MigrationRig rig = rig((side, question) -> true)) {
      int[] left = {3};
      var unavailable = RightsMissingTest.answering("subjectaccessreviews", 503);
      rig.clusters.faults(
          Side.TARGET,
          new FaultHook() {
            @Override
            public Fault before(ApiRequest request) {
              Fault fault = unavailable.before(request);
              return fault != Fault.NONE && left[0]-- > 0 ? fault : Fault.NONE;
            }
          });

      assertMoved(rig);
    }
  }

  @Test
  void aFeignedReceiverDoesNotGetAPersonPastTheReview() {
    try (MigrationRig rig = rig((side, question) -> side == Side.TARGET)) {
      plant(rig);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure()).isNotNull();
      assertThat(end.failure().message()).contains("RequesterRefused");
      assertThat(rig.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void aRunThatIsUnderWayIsFinishedAlthoughThePersonHasLostTheRights() {
    try (MigrationRig rig = rig((side, question) -> true)) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.loseStatus();
      may(rig, (side, question) -> false);
      rig.runUntil("taken up", status -> "WaitForStateTransfer".equals(status.phase()));
      rig.world.target().release(Switch.HOLD_RUNNING);

      assertMoved(rig);
    }
  }

  @Test
  void manyMachinesOfOneNamespaceCostNoMoreReviewsThanOne() {
    int one = reviews(1);

    assertThat(one).isLessThanOrEqualTo(45);
    assertThat(reviews(5)).isEqualTo(one);
  }

  /** What only looks like the receiver of this run. */
  private static void plant(MigrationRig rig) {
    GenericKubernetesResource planted =
        Kind.VIRTUAL_MACHINE.blank(MigrationRig.NAMESPACE, MigrationRig.NAME);
    planted.setAdditionalProperties(
        Tree.copy(
            rig.get(Side.SOURCE, Kind.VIRTUAL_MACHINE, MigrationRig.NAME)
                .orElseThrow()
                .getAdditionalProperties()));
    planted.getAdditionalProperties().remove("status");
    Tree.put(planted.getAdditionalProperties(), "Halted", "spec", "runStrategy");
    planted.getMetadata().setLabels(Labels.of(rig.plan, rig.plan.vms().get(0)));
    planted.getMetadata().setAnnotations(Map.of(Labels.FACTS, "{}"));
    new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET)).create(planted).orElseThrow();
    assertThat(Labels.isOfRun(planted, rig.plan, rig.plan.vms().get(0))).isTrue();
  }

  private static void assertMoved(MigrationRig rig) {
    assertThat(rig.run().state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
    assertThat(rig.running()).containsExactly(Side.TARGET);
    assertThat(rig.strategy(Side.SOURCE)).isEqualTo("Halted");
  }

  private static int reviews(int machines) {
    try (MigrationRig rig = rig((side, question) -> true)) {
      for (int i = 1; i < machines; i++) {
        SampleVm.of(MigrationRig.NAMESPACE, "vm-" + i).disk("d0", "1Gi").boot(rig.simulator);
        rig.plan = rig.plan.toBuilder().vm(MigrationRig.NAMESPACE, "vm-" + i).build();
      }
      assertThat(rig.runner().validate(rig.plan)).noneMatch(Concern::isCritical);
      return rig.clusters.requests(Side.SOURCE).accessReviews().size()
          + rig.clusters.requests(Side.TARGET).accessReviews().size();
    }
  }

  private static boolean isDeclared(Side side, AccessRule.Question question) {
    return Rights.all().stream()
        .filter(right -> right.grant().sides().contains(side))
        .anyMatch(
            right ->
                right.ofRequester().contains(question.verb())
                    && right.kind().plural().equals(question.resource())
                    && right.kind().group().equals(question.group()));
  }

  private static MigrationRig rig(BiPredicate<Side, AccessRule.Question> ann) {
    MigrationRig rig = new MigrationRig();
    rig.sample = MoveTest.full().disk("d0", "1Gi").instancetype("small", "linux");
    rig.booted();
    rig.plan =
        rig.plan.toBuilder()
            .requester(ANN)
            .settings(
                Map.of(
                    "instancetypes", "copy",
                    "createNamespace", "true",
                    "haltedTarget", "adopt"))
            .build();
    may(rig, ann);
    return rig;
  }

  private static void may(MigrationRig rig, BiPredicate<Side, AccessRule.Question> ann) {
    rig.rights =
        side -> {
          AccessRule shipped = ShippedRoles.everything(side);
          return question ->
              question.user().equals("ann") ? ann.test(side, question) : shipped.allows(question);
        };
    rig.grant();
    // Whatever was answered before is too old by now.
    rig.clock.advance(Duration.ofMinutes(2));
  }

  private static void assertNothingWritten(MigrationRig rig) {
    assertThat(rig.clusters.requests(Side.SOURCE).writes()).isEmpty();
    assertThat(rig.clusters.requests(Side.TARGET).writes()).isEmpty();
  }
}
