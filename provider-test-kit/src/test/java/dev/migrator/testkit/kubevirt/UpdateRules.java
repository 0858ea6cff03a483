package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** PUT of objects and of their status. */
interface UpdateRules extends ApiRules {

  @Test
  default void aStaleUpdateIsAConflict() {
    Api.Reply first = createVm("a", "");
    api().put(vm("a"), api().with(first, "Always", "spec", "runStrategy"));
    Api.Reply refused = api().put(vm("a"), api().with(first, "Manual", "spec", "runStrategy"));

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
    assertThat(api().get(vm("a")).at("spec", "runStrategy")).isEqualTo("Always");
  }

  @Test
  default void aStaleStatusUpdateIsAConflict() {
    Api.Reply first = createVm("a", "");
    api().put(vm("a"), api().with(first, "Always", "spec", "runStrategy"));
    Api.Reply refused =
        api().put(vm("a") + "/status", api().with(first, "Running", "status", "printableStatus"));

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
  }

  @Test
  default void aCustomObjectNeedsAVersionToBeUpdated() {
    Api.Reply first = createVm("a", "");
    Api.Reply refused = api().put(vm("a"), api().with(first, null, "metadata", "resourceVersion"));

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
  }

  @Test
  default void aConfigMapNeedsNone() {
    Api.Reply first = createConfigMap("a", "");
    String body = api().with(first, null, "metadata", "resourceVersion");

    assertThat(api().put(configMap("a"), body.replace("\"value\"", "\"other\"")).code())
        .isEqualTo(200);
  }

  @Test
  default void anotherUidIsAConflict() {
    Api.Reply first = createVm("a", "");
    Api.Reply refused =
        api()
            .put(
                vm("a"),
                api().with(first, "00000000-0000-4000-8000-000000000000", "metadata", "uid"));

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
  }

  @Test
  default void anUpdateOfNothingIsNotFound() {
    Api.Reply first = createVm("a", "");
    api().delete(vm("a"));

    assertThat(api().put(vm("a"), first.body()).code()).isEqualTo(404);
    assertThat(api().get(vm("a")).reason()).isEqualTo("NotFound");
  }

  @Test
  default void anotherNameThanThatOfThePathIsABadRequest() {
    Api.Reply first = createVm("a", "");

    assertThat(api().put(vm("a"), api().with(first, "b", "metadata", "name")).code())
        .isEqualTo(400);
  }

  @Test
  default void anUpdateThatChangesNothingKeepsTheVersion() {
    Api.Reply first = createVm("a", "");
    Api.Reply second = api().put(vm("a"), first.body());

    assertThat(second.code()).isEqualTo(200);
    assertThat(second.version()).isEqualTo(first.version());
  }

  @Test
  default void generationCountsTheSpecAndNothingElse() {
    Api.Reply first = createVm("a", "");
    Api.Reply labelled = api().mergePatch(vm("a"), "{\"metadata\": {\"labels\": {\"x\": \"y\"}}}");
    Api.Reply withStatus =
        api().mergePatch(vm("a") + "/status", "{\"status\": {\"printableStatus\": \"Stopped\"}}");
    Api.Reply started = api().mergePatch(vm("a"), "{\"spec\": {\"runStrategy\": \"Always\"}}");

    assertThat(first.at("metadata", "generation")).isEqualTo(1);
    assertThat(labelled.at("metadata", "generation")).isEqualTo(1);
    assertThat(withStatus.at("metadata", "generation")).isEqualTo(1);
    assertThat(started.at("metadata", "generation")).isEqualTo(2);
  }

  @Test
  default void theObjectAndItsStatusAreWrittenApart() {
    createVm("a", "");
    Api.Reply main =
        api()
            .mergePatch(
                vm("a"),
                """
                {"spec": {"runStrategy": "Always"}, "status": {"printableStatus": "Running"}}
                """);
    Api.Reply status =
        api()
            .mergePatch(
                vm("a") + "/status",
                """
                {"metadata": {"labels": {"x": "y"}}, "spec": {"runStrategy": "Manual"},
                 "status": {"printableStatus": "Starting"}}
                """);

    assertThat(main.at("status", "printableStatus")).isNull();
    assertThat(status.at("status", "printableStatus")).isEqualTo("Starting");
    assertThat(status.at("spec", "runStrategy")).isEqualTo("Always");
    assertThat(status.at("metadata", "labels", "x")).isNull();
  }

  @Test
  default void theInstanceHasNoStatusSubresource() {
    api().post(vmis(), ApiRules.vmiBody("a"));
    Api.Reply status =
        api().mergePatch(vmis() + "/a/status", "{\"status\": {\"phase\": \"Failed\"}}");
    Api.Reply main = api().mergePatch(vmis() + "/a", "{\"status\": {\"phase\": \"Failed\"}}");

    assertThat(status.code()).isEqualTo(404);
    assertThat(main.at("status", "phase")).isEqualTo("Failed");
  }

  @Test
  default void aDryRunOfAnUpdateChangesNothing() {
    Api.Reply first = createVm("a", "");
    Api.Reply dry =
        api().put(vm("a") + "?dryRun=All", api().with(first, "Always", "spec", "runStrategy"));

    assertThat(dry.code()).isEqualTo(200);
    assertThat(dry.at("spec", "runStrategy")).isEqualTo("Always");
    assertThat(api().get(vm("a")).version()).isEqualTo(first.version());
    assertThat(api().get(vm("a")).at("spec", "runStrategy")).isEqualTo("Halted");
  }

  @Test
  default void theTypeOfASecretCannotChange() {
    String secrets = "/api/v1/namespaces/" + namespace() + "/secrets";
    api()
        .post(secrets, "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}");
    Api.Reply refused = api().mergePatch(secrets + "/a", "{\"type\": \"other\"}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
  }

  @Test
  default void theSizeOfAnUnboundClaimCannotChangeItsClass() {
    String claims = "/api/v1/namespaces/" + namespace() + "/persistentvolumeclaims";
    Api.Reply created =
        api()
            .post(
                claims,
                """
                {"kind": "PersistentVolumeClaim", "apiVersion": "v1", "metadata": {"name": "a"},
                 "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "fast",
                          "resources": {"requests": {"storage": "1Gi"}}}}
                """);
    Api.Reply refused = api().mergePatch(claims + "/a", "{\"spec\":{\"volumeMode\":\"Block\"}}");

    assertThat(created.at("spec", "volumeMode")).isEqualTo("Filesystem");
    assertThat(created.at("status", "phase")).isEqualTo("Pending");
    assertThat(refused.code()).isEqualTo(422);
  }
}
