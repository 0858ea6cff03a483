package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the host's own cluster for the rights of role {@code host}, on behalf of the class that
 * needs them: whether a host uses it, only the host knows.
 *
 * <p>One review of the rules of the namespace, and one of each right that they do not show.
 */
final class HostRights {

  private HostRights() {}

  /**
   * What may not be done.
   *
   * @param cluster the host's cluster
   * @param namespace the namespace that Jobs or statuses are kept in
   * @param when what the rights are for: {@link When#HOOKS} or {@link When#STATUSES}
   * @return a critical concern for each kind of object
   * @throws MigrationException when the server does not answer now
   */
  static List<Concern> missing(Cluster cluster, String namespace, When when) {
    Findings findings = Findings.aboutThePlan();
    try {
      AccessRules rules = rules(cluster, namespace);
      List<Access.Refusal> refused = new ArrayList<>();
      for (Right right : Rights.all()) {
        if (right.grant() == Grant.HOST && right.when() == when) {
          for (String verb : right.verbs()) {
            AccessQuestion question = AccessQuestion.of(right, Side.HOST, namespace, verb);
            if (!rules.allow(question)) {
              AccessReviews.Answer answer = cluster.reviews().self(question);
              if (!answer.allowed()) {
                refused.add(new Access.Refusal(question, right, answer.reason()));
              }
            }
          }
        }
      }
      RightsRules.report(refused, findings);
    } catch (MigrationException e) {
      RightsRules.unknown(e, ConcernCode.RIGHTS_UNKNOWN, findings);
    }
    return findings.all();
  }

  /** A server that does not tell rules is asked for each right. */
  private static AccessRules rules(Cluster cluster, String namespace) {
    try {
      return cluster.reviews().rules(namespace);
    } catch (MigrationException e) {
      if (e.isRetryable()) {
        throw e;
      }
      return AccessRules.NONE;
    }
  }
}
