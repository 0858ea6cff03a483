package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.spi.MigrationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Asks, around a preflight, whether the run may do what it will have to: we on both clusters, and
 * the person on whose behalf the plan is (R12).
 *
 * <p>Our rights are asked for while the clusters are read. A person without the rights is told so,
 * and nothing of what we alone may see.
 */
final class RightsRules {

  private final Toolbox tools;
  private final KubeVirtOptions options;
  private Demand demand;

  private RightsRules(Toolbox tools, MigrationPlan plan, PlannedVm vm, KubeVirtOptions options) {
    this.tools = tools;
    this.options = options;
    this.demand = Demand.of(plan, vm, options);
  }

  /**
   * Runs a preflight among the reviews.
   *
   * @param tools what all machines share
   * @param plan the plan, whose settings and names are valid
   * @param vm the machine
   * @param preflight what reads both clusters and judges; it leaves the machine in the sources
   * @return what the preflight found, and what must not be done
   * @throws MigrationException when the preflight, or a review, failed for a time
   */
  static List<Concern> check(
      Toolbox tools, MigrationPlan plan, PlannedVm vm, Supplier<List<Concern>> preflight) {
    return new RightsRules(tools, plan, vm, KubeVirtOptions.of(plan)).run(preflight);
  }

  private List<Concern> run(Supplier<List<Concern>> preflight) {
    tools.access().prepare(questions(right -> right.when().isOfPlan()));
    List<Concern> refused = Requesters.beforeReading(tools, demand);
    if (!refused.isEmpty()) {
      return with(ours(right -> right.when().isOfPlan()), refused);
    }
    try {
      Installations.Found installed = tools.installed();
      if (installed.problems().isEmpty()) {
        demand = demand.with(installed.orThrow());
      }
      tools.access().prepare(questions(right -> right.when().isOfPlan()));
      List<Concern> found = preflight.get();
      demand = demand.with(tools.sources());
      refused = Requesters.of(tools, demand);
      if (!refused.isEmpty()) {
        found = found.stream().filter(RightsRules::isOfNoMachine).toList();
      }
      List<Concern> all = with(ours(demand::needs), trust());
      return with(with(all, refused), found);
    } catch (MigrationException e) {
      if (!e.code().equals(K8sErrors.FORBIDDEN)) {
        throw e;
      }
      demand = demand.with(tools.sources());
      List<Concern> why = ours(demand.source() == null ? this::mayBeRead : demand::needs);
      if (why.isEmpty()) {
        throw e;
      }
      return why;
    }
  }

  /** How much room its namespace has is nothing for a person who may not look into it. */
  private static boolean isOfNoMachine(Concern concern) {
    return concern.vm() == null && !concern.code().equals(ConcernCode.QUOTA_EXCEEDED.code());
  }

  /** What may have been forbidden while it is not known what the machine refers to. */
  private boolean mayBeRead(Right right) {
    if (right.when().isOfPlan()) {
      return demand.needs(right);
    }
    boolean expands = options.instancetypes() == KubeVirtOptions.Instancetypes.EXPAND;
    return right.grant() == Grant.SOURCE && !(right.when() == When.KEPT && expands);
  }

  private List<AccessQuestion> questions(Predicate<Right> which) {
    return Rights.all().stream()
        .filter(right -> right.grant() != Grant.TRUST)
        .filter(which.and(demand::needs))
        .flatMap(right -> demand.questions(right, right.verbs()).stream())
        .toList();
  }

  private List<Concern> ours(Predicate<Right> which) {
    Map<AccessQuestion, Right> asked = new LinkedHashMap<>();
    Rights.all().stream()
        .filter(right -> right.grant() != Grant.TRUST)
        .filter(which)
        .forEach(
            right ->
                demand
                    .questions(right, right.verbs())
                    .forEach(question -> asked.put(question, right)));
    Findings findings = Findings.aboutThePlan();
    try {
      report(tools.access().refused(asked), findings);
    } catch (MigrationException e) {
      unknown(e, ConcernCode.RIGHTS_UNKNOWN, findings);
    }
    return findings.all();
  }

  /** One finding for each right and place: all verbs that are missing there. */
  static void report(List<Access.Refusal> refused, Findings findings) {
    Map<String, List<Access.Refusal>> grouped =
        refused.stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.question().object() + " to " + each.right().purpose(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    grouped.forEach(
        (what, each) -> {
          String verbs = verbs(each);
          findings.add(
              ConcernCode.RIGHT_MISSING,
              each.get(0).right().when().isForLooking() ? Severity.WARNING : Severity.CRITICAL,
              verbs + " " + each.get(0).question().object(),
              "We may not " + verbs + " " + what + "." + reason(each.get(0)));
        });
  }

  /** Without a gap the right is needed only when KubeVirt drops the peer under way. */
  private List<Concern> trust() {
    Map<AccessQuestion, Right> asked = new LinkedHashMap<>();
    for (Right right : Rights.all()) {
      if (right.grant() == Grant.TRUST && demand.needs(right)) {
        demand.questions(right, right.verbs()).forEach(question -> asked.put(question, right));
      }
    }
    Findings findings = Findings.aboutThePlan();
    try {
      List<Access.Refusal> refused = tools.access().refused(asked);
      if (refused.isEmpty() || demand.installations() == null) {
        return List.of();
      }
      Set<dev.migrator.model.Side> lacking = new LinkedHashSet<>();
      tools
          .trust()
          .gaps(tools.sides(), demand.installations(), tools.context().clock().instant())
          .forEach(gap -> lacking.add(gap.side()));
      report(
          refused.stream().filter(each -> lacking.contains(each.question().side())).toList(),
          findings);
      refused.stream()
          .filter(each -> !lacking.contains(each.question().side()))
          .collect(Collectors.groupingBy(each -> each.question().object(), Collectors.toList()))
          .forEach(
              (what, each) ->
                  findings.add(
                      ConcernCode.TRUST_NOT_RENEWABLE,
                      verbs(each) + " " + what,
                      "The clusters trust each other now. We may not "
                          + verbs(each)
                          + " "
                          + what
                          + ", so that trust is not renewed where KubeVirt drops it."));
    } catch (MigrationException e) {
      unknown(e, ConcernCode.RIGHTS_UNKNOWN, findings);
    }
    return findings.all();
  }

  static String verbs(List<Access.Refusal> refused) {
    return refused.stream()
        .map(each -> each.question().verb())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  static String reason(Access.Refusal refusal) {
    String said = refusal.reason();
    return said.isEmpty() ? "" : " The server says: " + said + (said.endsWith(".") ? "" : ".");
  }

  /** A review that is forbidden is an answer for people; one that failed is tried again. */
  static void unknown(MigrationException failure, ConcernCode code, Findings findings) {
    if (failure.isRetryable()) {
      throw failure;
    }
    findings.add(code, "access review", failure.getMessage() + ".");
  }

  private static List<Concern> with(List<Concern> some, List<Concern> more) {
    List<Concern> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(new LinkedHashSet<>(all));
  }
}
