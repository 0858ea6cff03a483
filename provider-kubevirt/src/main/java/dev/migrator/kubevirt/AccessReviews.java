package dev.migrator.kubevirt;

import dev.migrator.model.Requester;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectRulesReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;

/**
 * Asks one API server what may be done there; one request a call, without any effect.
 *
 * <p>Failures are classified as those of {@link Cluster} are: a review that is forbidden is a
 * permanent one. Safe for use by several threads.
 */
final class AccessReviews {

  /**
   * What a server said.
   *
   * @param allowed whether it may be done
   * @param reason the server's words, which it need not give
   */
  record Answer(boolean allowed, String reason) {}

  private static final int LONGEST = 300;

  private final KubernetesClient client;

  AccessReviews(KubernetesClient client) {
    this.client = client;
  }

  /** What this connection may do in a namespace, as a whole. */
  AccessRules rules(String namespace) {
    try {
      SubjectRulesReviewStatus status =
          client
              .authorization()
              .v1()
              .selfSubjectRulesReview()
              .create(
                  new SelfSubjectRulesReviewBuilder()
                      .withNewSpec()
                      .withNamespace(namespace)
                      .endSpec()
                      .build())
              .getStatus();
      return AccessRules.of(status);
    } catch (KubernetesClientException e) {
      throw K8sErrors.classify("ask for our rights in namespace " + namespace, e);
    }
  }

  /** Whether this connection may do something. */
  Answer self(AccessQuestion question) {
    try {
      return answer(
          client
              .authorization()
              .v1()
              .selfSubjectAccessReview()
              .create(
                  new SelfSubjectAccessReviewBuilder()
                      .withNewSpec()
                      .withResourceAttributes(attributes(question))
                      .endSpec()
                      .build())
              .getStatus());
    } catch (KubernetesClientException e) {
      throw K8sErrors.classify(
          "ask whether we may " + question.verb() + " " + question.object(), e);
    }
  }

  /** Whether somebody else may do something. */
  Answer of(Requester requester, AccessQuestion question) {
    try {
      return answer(
          client
              .authorization()
              .v1()
              .subjectAccessReview()
              .create(
                  new SubjectAccessReviewBuilder()
                      .withNewSpec()
                      .withUser(requester.user())
                      .withGroups(requester.groups())
                      .withUid(requester.uid().isEmpty() ? null : requester.uid())
                      .withExtra(requester.extra())
                      .withResourceAttributes(attributes(question))
                      .endSpec()
                      .build())
              .getStatus());
    } catch (KubernetesClientException e) {
      throw K8sErrors.classify(
          "ask whether the requester may " + question.verb() + " " + question.object(), e);
    }
  }

  private static ResourceAttributes attributes(AccessQuestion question) {
    return new ResourceAttributesBuilder()
        .withNamespace(question.namespace())
        .withVerb(question.verb())
        .withGroup(question.group())
        .withResource(question.resource())
        .withSubresource(question.subresource())
        .withName(question.name())
        .build();
  }

  /** Whatever is not a clear yes is a no. */
  private static Answer answer(@Nullable SubjectAccessReviewStatus status) {
    if (status == null) {
      return new Answer(false, "the server gave no answer");
    }
    boolean allowed =
        Boolean.TRUE.equals(status.getAllowed()) && !Boolean.TRUE.equals(status.getDenied());
    String reason = status.getReason() == null ? "" : status.getReason();
    String error = status.getEvaluationError() == null ? "" : status.getEvaluationError();
    String said = (reason.isEmpty() ? error : reason).replaceAll("\\p{Cntrl}", " ");
    return new Answer(allowed, said.length() > LONGEST ? said.substring(0, LONGEST) : said);
  }
}
