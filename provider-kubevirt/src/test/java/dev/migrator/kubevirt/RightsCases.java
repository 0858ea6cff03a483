package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.PreflightCase.of;

import dev.migrator.model.Requester;
import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.AccessRule;
import java.util.List;

/** What we, or the person who asked for it, may not do. */
final class RightsCases {

  private static final Requester ANN = new Requester("ann", List.of("ops"));

  private RightsCases() {}

  static List<PreflightCase> all() {
    return List.of(
        of(ConcernCode.RIGHT_MISSING)
            .world(world -> without(world, question -> question.resource().equals("events"))),
        of(ConcernCode.RIGHTS_UNKNOWN)
            .world(
                world ->
                    world.clusters.faults(
                        Side.SOURCE, RightsMissingTest.answering("selfsubject", 403))),
        of(ConcernCode.TRUST_NOT_RENEWABLE)
            .world(world -> without(world, question -> question.name().equals(Trust.EXTERNAL))),
        of(ConcernCode.REQUESTER_REFUSED)
            .plan(plan -> plan.requester(ANN))
            .world(world -> without(world, question -> question.user().equals("ann"))),
        of(ConcernCode.REQUESTER_UNKNOWN, ConcernCode.RIGHT_MISSING)
            .plan(plan -> plan.requester(ANN))
            .world(
                world -> without(world, question -> question.group().startsWith("authorization"))));
  }

  private static void without(PreflightWorld world, AccessRule denied) {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      world.clusters.access(
          side,
          question ->
              !denied.allows(question)
                  && (question.user().equals("ann")
                      || ShippedRoles.everything(side).allows(question)));
    }
  }
}
