package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** DELETE, finalizers and owners. */
interface DeleteRules extends ApiRules {

  String HELD = ", \"finalizers\": [\"a.example/hold\"]";

  @Test
  default void aDeletionAnswersOnceWithSuccessAndThenNotFound() {
    createVm("a", "");
    Api.Reply deleted = api().delete(vm("a"));

    assertThat(deleted.code()).isEqualTo(200);
    assertThat(deleted.at("status")).isEqualTo("Success");
    assertThat(api().delete(vm("a")).reason()).isEqualTo("NotFound");
  }

  @Test
  default void aDeletionOfAnotherUidIsAConflict() {
    Api.Reply first = createVm("a", "");
    Api.Reply refused =
        api()
            .delete(
                vm("a"),
                "{\"preconditions\": {\"uid\": \"00000000-0000-4000-8000-000000000000\"}}");

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
    assertThat(api().get(vm("a")).uid()).isEqualTo(first.uid());
    assertThat(
            api().delete(vm("a"), "{\"preconditions\": {\"uid\": \"" + first.uid() + "\"}}").code())
        .isEqualTo(200);
  }

  @Test
  default void optionsThatCannotBeReadDeleteNothing() {
    createVm("a", "");

    assertThat(api().delete(vm("a"), "{\"preconditions\": ").code()).isEqualTo(400);
    assertThat(api().delete(vm("a"), "{\"propagationPolicy\": \"Later\"}").code()).isEqualTo(422);
    assertThat(api().get(vm("a")).code()).isEqualTo(200);
  }

  @Test
  default void aDeletionOfAnotherVersionIsAConflict() {
    Api.Reply first = createVm("a", "");
    api().mergePatch(vm("a"), "{\"spec\": {\"runStrategy\": \"Always\"}}");
    Api.Reply refused =
        api()
            .delete(
                vm("a"), "{\"preconditions\": {\"resourceVersion\": \"" + first.version() + "\"}}");

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
  }

  @Test
  default void aDryRunOfADeletionDeletesNothing() {
    createVm("a", "");

    assertThat(api().delete(vm("a") + "?dryRun=All").code()).isEqualTo(200);
    assertThat(api().delete(vm("a"), "{\"dryRun\": [\"All\"]}").code()).isEqualTo(200);
    Api.Reply left = api().get(vm("a"));
    assertThat(left.code()).isEqualTo(200);
    assertThat(left.at("metadata", "deletionTimestamp")).isNull();
  }

  @Test
  default void aFinalizerHoldsTheObjectUntilItIsPatchedAway() {
    createVm("a", HELD);
    Api.Reply marked = api().delete(vm("a"));

    assertThat(marked.code()).isEqualTo(200);
    assertThat(marked.at("metadata", "deletionTimestamp")).isNotNull();
    assertThat(api().get(vm("a")).at("metadata", "generation")).isEqualTo(2);
    assertThat(api().mergePatch(vm("a"), "{\"metadata\": {\"finalizers\": []}}").code())
        .isEqualTo(200);
    assertThat(api().get(vm("a")).code()).isEqualTo(404);
  }

  @Test
  default void aJsonPatchReleasesAFinalizerToo() {
    createVm("a", HELD);
    api().delete(vm("a"));
    api().jsonPatch(vm("a"), "[{\"op\": \"remove\", \"path\": \"/metadata/finalizers/0\"}]");

    assertThat(api().get(vm("a")).code()).isEqualTo(404);
  }

  @Test
  default void anUpdateReleasesAFinalizerToo() {
    createVm("a", HELD);
    api().delete(vm("a"));
    Api.Reply marked = api().get(vm("a"));
    api().put(vm("a"), api().with(marked, null, "metadata", "finalizers"));

    assertThat(api().get(vm("a")).code()).isEqualTo(404);
  }

  @Test
  default void noFinalizerCanBeAddedToWhatIsBeingDeleted() {
    createVm("a", HELD);
    api().delete(vm("a"));
    Api.Reply refused =
        api()
            .mergePatch(
                vm("a"),
                "{\"metadata\": {\"finalizers\": [\"a.example/hold\", \"a.example/late\"]}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
    api().mergePatch(vm("a"), "{\"metadata\": {\"finalizers\": []}}");
  }

  @Test
  default void aSecondDeletionChangesNothing() {
    createVm("a", HELD);
    api().delete(vm("a"));
    String version = api().get(vm("a")).version();

    assertThat(api().delete(vm("a")).code()).isEqualTo(200);
    assertThat(api().get(vm("a")).version()).isEqualTo(version);
    api().mergePatch(vm("a"), "{\"metadata\": {\"finalizers\": []}}");
  }

  @Test
  default void aSelectorLimitsTheDeletionOfACollection() {
    createConfigMap("a", ", \"labels\": {\"x\": \"1\"}");
    createConfigMap("b", ", \"labels\": {\"x\": \"2\"}");
    api().delete(configMaps() + "?labelSelector=x%3D1");

    assertThat(api().get(configMaps()).names()).contains("b").doesNotContain("a");
  }

  @Test
  default void aPodThatRunsIsGivenTime() {
    String pods = "/api/v1/namespaces/" + namespace() + "/pods";
    api().post(pods, podBody("waiting", ""));
    api().post(pods, podBody("running", "\"nodeName\": \"node1\","));

    api().delete(pods + "/waiting");
    Api.Reply marked = api().delete(pods + "/running");

    assertThat(api().get(pods + "/waiting").code()).isEqualTo(404);
    assertThat(marked.at("metadata", "deletionGracePeriodSeconds")).isEqualTo(30);
    assertThat(api().get(pods + "/running").code()).isEqualTo(200);
    api().delete(pods + "/running", "{\"gracePeriodSeconds\": 0}");
    assertThat(api().get(pods + "/running").code()).isEqualTo(404);
  }

  @Test
  default void aPodGetsItsNodeByBindingAndKeepsIt() {
    String pods = "/api/v1/namespaces/" + namespace() + "/pods";
    api().post(pods, podBody("a", ""));
    Api.Reply bound =
        api()
            .post(
                pods + "/a/binding",
                """
                {"kind": "Binding", "apiVersion": "v1", "metadata": {"name": "a"},
                 "target": {"kind": "Node", "name": "node1"}}
                """);

    Api.Reply again =
        api()
            .post(
                pods.replace("/pods", "/bindings"),
                """
                {"kind": "Binding", "apiVersion": "v1", "metadata": {"name": "a"},
                 "target": {"kind": "Node", "name": "other"}}
                """);

    assertThat(bound.code()).isEqualTo(201);
    assertThat(again.code()).isEqualTo(409);
    assertThat(again.reason()).isEqualTo("Conflict");
    assertThat(api().get(pods + "/a").at("spec", "nodeName")).isEqualTo("node1");
    assertThat(api().mergePatch(pods + "/a", "{\"spec\": {\"nodeName\": \"other\"}}").code())
        .isEqualTo(422);
  }

  @Test
  default void aJobLeavesItsPodsUnlessItIsToldOtherwise() {
    assumeTrue(clusters().collectsGarbage(), "Nobody collects owner references here");
    String jobs = "/apis/batch/v1/namespaces/" + namespace() + "/jobs";
    String job =
        """
        {"kind": "Job", "apiVersion": "batch/v1", "metadata": {"name": "%s"},
         "spec": {"template": {"spec": {"restartPolicy": "Never",
                                        "containers": [{"name": "c", "image": "i"}]}}}}
        """;
    api().post(jobs, job.formatted("leaves"));
    api().post(jobs, job.formatted("takes"));

    api().delete(jobs + "/leaves");
    Api.Reply taken = api().delete(jobs + "/takes", "{\"propagationPolicy\": \"Background\"}");

    assertThat(taken.at("status")).isEqualTo("Success");
    Poll.until("the job is gone", () -> api().get(jobs + "/leaves").code() == 404);
  }

  @Test
  default void anEvictedPodIsDeleted() {
    String pods = "/api/v1/namespaces/" + namespace() + "/pods";
    api().post(pods, podBody("a", ""));
    Api.Reply evicted =
        api()
            .post(
                pods + "/a/eviction",
                """
                {"kind": "Eviction", "apiVersion": "policy/v1", "metadata": {"name": "a"}}
                """);

    assertThat(evicted.code()).isEqualTo(201);
    assertThat(api().get(pods + "/a").code()).isEqualTo(404);
  }

  @Test
  default void dependentsGoWithTheirLastOwner() {
    assumeTrue(clusters().collectsGarbage(), "Nobody collects owner references here");
    Api.Reply one = createConfigMap("one", "");
    Api.Reply two = createConfigMap("two", "");
    createConfigMap("of-one", owners(one));
    createConfigMap("of-both", owners(one, two));
    api().delete(configMap("one"));

    Poll.until("the dependent is gone", () -> api().get(configMap("of-one")).code() == 404);
    assertThat(api().get(configMap("of-both")).code()).isEqualTo(200);
    api().delete(configMap("two"));
    Poll.until("the other one is gone", () -> api().get(configMap("of-both")).code() == 404);
  }

  @Test
  default void whatIsOwnedByAnObjectThatNeverWasGoesAway() {
    assumeTrue(clusters().collectsGarbage(), "Nobody collects owner references here");
    String owner =
        """
        , "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "x",
                               "uid": "00000000-0000-4000-8000-000000000000"}]
        """;
    createConfigMap("a", owner);

    Poll.until("it is gone", () -> api().get(configMap("a")).code() == 404);
  }

  @Test
  default void anOrphanLosesItsReference() {
    assumeTrue(clusters().collectsGarbage(), "Nobody collects owner references here");
    Api.Reply owner = createConfigMap("owner", "");
    createConfigMap("orphan", owners(owner));
    api().delete(configMap("owner"), "{\"propagationPolicy\": \"Orphan\"}");

    Poll.until(
        "the reference is gone",
        () -> api().get(configMap("orphan")).at("metadata", "ownerReferences") == null);
    Poll.until("the owner is gone", () -> api().get(configMap("owner")).code() == 404);
    assertThat(api().get(configMap("orphan")).code()).isEqualTo(200);
  }

  @Test
  default void aNamespaceTakesItsContentAlong() {
    assumeTrue(clusters().collectsGarbage(), "Nobody ends namespaces here");
    createConfigMap("a", "");
    api().delete("/api/v1/namespaces/" + namespace());

    Poll.until("it is gone", () -> api().get("/api/v1/namespaces/" + namespace()).code() == 404);
    assertThat(api().get(configMap("a")).code()).isEqualTo(404);
  }

  private static String owners(Api.Reply... owners) {
    List<String> references =
        List.of(owners).stream()
            .map(
                owner ->
                    "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"name\": \""
                        + owner.at("metadata", "name")
                        + "\", \"uid\": \""
                        + owner.uid()
                        + "\"}")
            .toList();
    return ", \"ownerReferences\": [" + String.join(",", references) + "]";
  }

  private static String podBody(String name, String spec) {
    return """
        {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "%s"},
         "spec": {%s "containers": [{"name": "c", "image": "i"}]}}
        """
        .formatted(name, spec);
  }
}
