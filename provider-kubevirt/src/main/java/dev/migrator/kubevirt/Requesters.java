package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Requester;
import dev.migrator.spi.MigrationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Asks whether the person on whose behalf a plan is may do what it would do with our rights (R12):
 * act on the machine and read its Secrets on the source, make all of it on the target.
 *
 * <p>Where that is denied, or cannot be learned, the machine is refused: before anything is written
 * by a validation, and again by the first phase, for hosts that skip validations.
 */
final class Requesters {

  private Requesters() {}

  /** What can be asked before the machine was read. */
  static List<Concern> beforeReading(Toolbox tools, Demand demand) {
    return check(tools, demand, right -> right.when().isOfPlan());
  }

  /** Everything that the machine, as far as it is known, asks for. */
  static List<Concern> of(Toolbox tools, Demand demand) {
    return check(tools, demand, right -> true);
  }

  /**
   * What keeps a machine from being moved in the requester's name, for one that is to be started.
   *
   * @return the findings in a sentence, or empty when the requester may have it
   */
  static Optional<String> refusal(Toolbox tools, Demand demand) {
    List<Concern> found = of(tools, demand);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(found.stream().map(Concern::describe).collect(Collectors.joining("; ")));
  }

  /**
   * As {@link #refusal}, when not one machine of a plan may be moved as far as can be told, nor is
   * under way already.
   */
  static Optional<String> refusalOfAll(Toolbox tools, MigrationPlan plan) {
    Optional<String> last = Optional.empty();
    if (plan.requester() != null) {
      KubeVirtOptions options = KubeVirtOptions.of(plan);
      for (PlannedVm vm : plan.vms()) {
        List<Concern> found = beforeReading(tools, Demand.of(plan, vm, options));
        if (found.isEmpty() || Resume.isSending(tools.sides(), plan, vm)) {
          return Optional.empty();
        }
        last = Optional.of(found.get(0).describe());
      }
    }
    return last;
  }

  /** Whether a finding is about the requester. */
  static boolean isAbout(Concern concern) {
    return concern.code().equals(ConcernCode.REQUESTER_REFUSED.code())
        || concern.code().equals(ConcernCode.REQUESTER_UNKNOWN.code());
  }

  private static List<Concern> check(Toolbox tools, Demand demand, Predicate<Right> which) {
    Requester requester = demand.plan().requester();
    if (requester == null) {
      return List.of();
    }
    Map<AccessQuestion, Right> asked = new LinkedHashMap<>();
    Rights.all().stream()
        .filter(which)
        .filter(demand::needs)
        .forEach(
            right ->
                demand
                    .questions(right, right.ofRequester())
                    .forEach(question -> asked.put(question, right)));
    Findings findings = Findings.about(demand.vm().source());
    try {
      List<Access.Refusal> refused = new ArrayList<>();
      for (Access.Refusal each : tools.access().refused(requester, asked)) {
        List<String> meant = demand.meant(each.right().kind(), each.question());
        refused.addAll(
            meant.isEmpty() ? List.of(each) : byName(tools.access(), requester, each, meant));
      }
      report(requester, refused, findings);
    } catch (MigrationException e) {
      RightsRules.unknown(e, ConcernCode.REQUESTER_UNKNOWN, findings);
    }
    return findings.all();
  }

  /** Who may not touch all objects of a kind may still be allowed the very ones that are meant. */
  private static List<Access.Refusal> byName(
      Access access, Requester requester, Access.Refusal refusal, List<String> meant) {
    Map<AccessQuestion, Right> named = new LinkedHashMap<>();
    meant.forEach(name -> named.put(refusal.question().named(name), refusal.right()));
    return access.refused(requester, named);
  }

  private static void report(Requester requester, List<Access.Refusal> refused, Findings findings) {
    refused.stream()
        .collect(
            Collectors.groupingBy(
                each -> each.question().object(), LinkedHashMap::new, Collectors.toList()))
        .forEach(
            (what, each) -> {
              String verbs = RightsRules.verbs(each);
              findings.add(
                  ConcernCode.REQUESTER_REFUSED,
                  verbs + " " + what,
                  "User "
                      + shown(requester.user())
                      + ", who asked for the migration, may not "
                      + verbs
                      + " "
                      + what
                      + "."
                      + RightsRules.reason(each.get(0)));
            });
  }

  private static String shown(String user) {
    String clean = user.replaceAll("\\p{Cntrl}", "?");
    return "'" + (clean.length() > 80 ? clean.substring(0, 80) + "..." : clean) + "'";
  }
}
