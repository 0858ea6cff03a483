package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Access reviews. */
interface AccessRules extends ApiRules {

  String REVIEWS = "/apis/authorization.k8s.io/v1/";

  @Test
  default void anAdministratorMayDoEverything() {
    Api.Reply answer =
        api()
            .post(
                REVIEWS + "selfsubjectaccessreviews",
                """
                {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
                 "spec": {"resourceAttributes": {"namespace": "%s", "verb": "delete",
                          "group": "kubevirt.io", "resource": "virtualmachines"}}}
                """
                    .formatted(namespace()));

    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.at("status", "allowed")).isEqualTo(true);
  }

  @Test
  default void aReviewCanBeAskedForSomebodyElse() {
    Api.Reply answer =
        api()
            .post(
                REVIEWS + "subjectaccessreviews",
                """
                {"kind": "SubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
                 "spec": {"user": "root", "groups": ["system:masters"],
                          "resourceAttributes": {"verb": "list", "resource": "nodes"}}}
                """);

    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.at("status", "allowed")).isEqualTo(true);
  }

  @Test
  default void aReviewOfNothingIsInvalid() {
    Api.Reply answer =
        api()
            .post(
                REVIEWS + "selfsubjectaccessreviews",
                """
                {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
                 "spec": {}}
                """);

    assertThat(answer.code()).isEqualTo(422);
  }

  @Test
  default void aRulesReviewListsWhatAnAdministratorMayDo() {
    Api.Reply answer =
        api()
            .post(
                REVIEWS + "selfsubjectrulesreviews",
                """
                {"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1",
                 "spec": {"namespace": "%s"}}
                """
                    .formatted(namespace()));

    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.at("status", "incomplete")).isEqualTo(false);
    assertThat(answer.at("status", "resourceRules"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .isNotEmpty();
  }

  @Test
  default void aRulesReviewOfNoNamespaceIsRefused() {
    Api.Reply answer =
        api()
            .post(
                REVIEWS + "selfsubjectrulesreviews",
                """
                {"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1",
                 "spec": {}}
                """);

    assertThat(answer.code()).isEqualTo(400);
  }
}
