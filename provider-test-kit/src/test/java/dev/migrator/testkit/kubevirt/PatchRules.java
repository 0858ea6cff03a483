package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** PATCH in its media types. */
interface PatchRules extends ApiRules {

  @Test
  default void aMergePatchRemovesWithNullAndReplacesLists() {
    createVm(
        "a",
        ", \"labels\": {\"x\": \"1\", \"y\": \"2\"}, \"finalizers\": [\"a.example/one\", \"a.example/two\"]");
    Api.Reply patched =
        api()
            .mergePatch(
                vm("a"),
                """
                {"metadata": {"labels": {"x": null, "z": "3"}, "finalizers": ["a.example/two"]}}
                """);

    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.at("metadata", "labels")).isEqualTo(java.util.Map.of("y", "2", "z", "3"));
    assertThat(patched.at("metadata", "finalizers")).isEqualTo(List.of("a.example/two"));
    api().mergePatch(vm("a"), "{\"metadata\": {\"finalizers\": null}}");
  }

  @Test
  default void aMergePatchWithAStaleVersionIsAConflict() {
    Api.Reply first = createVm("a", "");
    api().mergePatch(vm("a"), "{\"spec\": {\"runStrategy\": \"Always\"}}");
    Api.Reply refused =
        api()
            .mergePatch(
                vm("a"),
                "{\"metadata\": {\"resourceVersion\": \""
                    + first.version()
                    + "\"}, \"spec\": {\"runStrategy\": \"Manual\"}}");

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
  }

  @Test
  default void aPatchOfNothingIsNotFound() {
    assertThat(api().mergePatch(vm("a"), "{}").reason()).isEqualTo("NotFound");
  }

  @Test
  default void aJsonPatchAppliesItsOperationsInOrder() {
    createVm("a", ", \"labels\": {\"a/b\": \"1\"}");
    Api.Reply patched =
        api()
            .jsonPatch(
                vm("a"),
                """
                [{"op": "test", "path": "/spec/runStrategy", "value": "Halted"},
                 {"op": "replace", "path": "/spec/runStrategy", "value": "Always"},
                 {"op": "remove", "path": "/metadata/labels/a~1b"},
                 {"op": "add", "path": "/metadata/labels/c", "value": "2"},
                 {"op": "copy", "from": "/metadata/labels/c", "path": "/metadata/labels/d"}]
                """);

    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.at("spec", "runStrategy")).isEqualTo("Always");
    assertThat(patched.at("metadata", "labels")).isEqualTo(java.util.Map.of("c", "2", "d", "2"));
  }

  @Test
  default void aFailedTestRefusesTheWholeJsonPatch() {
    Api.Reply first = createVm("a", "");
    Api.Reply refused =
        api()
            .jsonPatch(
                vm("a"),
                """
                [{"op": "replace", "path": "/spec/runStrategy", "value": "Always"},
                 {"op": "test", "path": "/metadata/name", "value": "b"}]
                """);

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
    assertThat(api().get(vm("a")).version()).isEqualTo(first.version());
  }

  @Test
  default void aJsonPatchToAPlaceThatDoesNotExistIsRefused() {
    createVm("a", "");

    assertThat(
            api()
                .jsonPatch(
                    vm("a"), "[{\"op\": \"add\", \"path\": \"/no/such/place\", \"value\": 1}]")
                .code())
        .isEqualTo(422);
    assertThat(api().jsonPatch(vm("a"), "[{\"op\": \"remove\", \"path\": \"/nothing\"}]").code())
        .isEqualTo(422);
  }

  @Test
  default void aTestOfAPlaceThatDoesNotExistIsRefused() {
    createVm("a", "");
    Api.Reply refused =
        api()
            .jsonPatch(
                vm("a"),
                "[{\"op\": \"test\", \"path\": \"/metadata/labels/x\", \"value\": \"1\"}]");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
  }

  @Test
  default void anUnknownOperationIsRefused() {
    createVm("a", "");

    assertThat(api().jsonPatch(vm("a"), "[{\"op\": \"x\", \"path\": \"/spec\"}]").code())
        .isEqualTo(422);
  }

  @Test
  default void whatTheServerOwnsCannotBePatched() {
    createVm("a", "");

    assertThat(api().mergePatch(vm("a"), "{\"metadata\": {\"uid\": \"b\"}}").code()).isEqualTo(422);
    assertThat(
            api()
                .mergePatch(
                    vm("a"), "{\"metadata\": {\"deletionTimestamp\": \"2020-01-01T00:00:00Z\"}}")
                .code())
        .isEqualTo(422);
    assertThat(api().mergePatch(vm("a"), "{\"metadata\": {\"name\": \"b\"}}").code())
        .isEqualTo(400);
  }

  @Test
  default void aMalformedPatchIsABadRequest() {
    createVm("a", "");

    assertThat(api().mergePatch(vm("a"), "{\"spec\": ").code()).isEqualTo(400);
    assertThat(api().jsonPatch(vm("a"), "{}").code()).isEqualTo(400);
  }

  @Test
  default void aDryRunOfAPatchChangesNothing() {
    Api.Reply first = createVm("a", "");
    Api.Reply dry =
        api().mergePatch(vm("a") + "?dryRun=All", "{\"spec\": {\"runStrategy\": \"Always\"}}");

    assertThat(dry.at("spec", "runStrategy")).isEqualTo("Always");
    assertThat(api().get(vm("a")).version()).isEqualTo(first.version());
  }

  @Test
  default void aStrategicPatchIsForKubernetesOwnKindsOnly() {
    createVm("a", "");
    createConfigMap("a", "");
    String type = "application/strategic-merge-patch+json";

    assertThat(api().send("PATCH", vm("a"), type, "{}").code()).isEqualTo(415);
    Api.Reply patched =
        api().send("PATCH", configMap("a"), type, "{\"data\": {\"key\": null, \"b\": \"c\"}}");
    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.at("data")).isEqualTo(java.util.Map.of("b", "c"));
  }

  @Test
  default void aPatchThatChangesNothingKeepsTheVersion() {
    Api.Reply first = createVm("a", "");

    assertThat(api().mergePatch(vm("a"), "{\"spec\": {\"runStrategy\": \"Halted\"}}").version())
        .isEqualTo(first.version());
  }
}
