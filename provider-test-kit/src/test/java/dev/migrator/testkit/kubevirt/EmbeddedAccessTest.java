package dev.migrator.testkit.kubevirt;

import static dev.migrator.model.Side.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.apiserver.AccessRule;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an embedded cluster makes of its access rule, beyond what a real one shows to an admin. */
class EmbeddedAccessTest {

  private final EmbeddedClusters clusters = EmbeddedClusters.start(new ManualClock());

  @AfterEach
  void close() {
    clusters.close();
  }

  @Test
  void theRulesReviewListsExactlyWhatTheRuleAllows() {
    clusters.access(
        SOURCE,
        question ->
            question.resource().equals("secrets")
                && question.namespace().equals("ns")
                && List.of("get", "delete").contains(question.verb()));

    assertThat(rules("ns"))
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.getApiGroups()).containsExactly("");
              assertThat(rule.getResources()).containsExactly("secrets");
              assertThat(rule.getVerbs()).containsExactly("get", "delete");
            });
    assertThat(rules("other")).isEmpty();
  }

  @Test
  void askingAboutSomebodyElseNeedsTheRightToDoSo() {
    AccessRule nobodyAsks = question -> !question.group().equals("authorization.k8s.io");
    clusters.access(SOURCE, nobodyAsks);

    assertThatThrownBy(() -> mayAnnRead("a"))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));
    assertThat(rules("ns")).isNotEmpty();
  }

  @Test
  void aReviewForSomebodyElseIsAnsweredByTheirRights() {
    clusters.access(
        SOURCE,
        question ->
            !question.user().equals("ann")
                || (question.groups().contains("ops") && question.name().equals("a")));

    assertThat(mayAnnRead("a")).isTrue();
    assertThat(mayAnnRead("b")).isFalse();
  }

  @Test
  void aListOfOneObjectIsARequestForItsName() {
    clusters.access(SOURCE, question -> question.name().equals("mine"));

    assertThat(list("mine")).isEqualTo(200);
    assertThat(list("yours")).isEqualTo(403);
  }

  private int list(String name) {
    try {
      clusters
          .client(SOURCE)
          .configMaps()
          .inNamespace("ns")
          .withField("metadata.name", name)
          .list();
      return 200;
    } catch (KubernetesClientException e) {
      return e.getCode();
    }
  }

  private boolean mayAnnRead(String secret) {
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser("ann")
            .withGroups("ops")
            .withNewResourceAttributes()
            .withVerb("get")
            .withResource("secrets")
            .withNamespace("ns")
            .withName(secret)
            .endResourceAttributes()
            .endSpec()
            .build();
    return clusters
        .client(SOURCE)
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  private List<ResourceRule> rules(String namespace) {
    return clusters
        .client(SOURCE)
        .authorization()
        .v1()
        .selfSubjectRulesReview()
        .create(
            new SelfSubjectRulesReviewBuilder()
                .withNewSpec()
                .withNamespace(namespace)
                .endSpec()
                .build())
        .getStatus()
        .getResourceRules();
  }
}
