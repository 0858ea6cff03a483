package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Creation. */
interface CreateRules extends ApiRules {

  @Test
  default void creationFillsInWhatTheServerOwns() {
    Api.Reply created = createVm("a", ", \"uid\": \"mine\", \"generation\": 7");

    assertThat(created.code()).isEqualTo(201);
    assertThat(created.uid()).isNotEqualTo("mine").hasSize(36);
    assertThat(created.version()).matches("[0-9]+");
    assertThat(created.at("metadata", "generation")).isEqualTo(1);
    assertThat(created.at("metadata", "creationTimestamp").toString())
        .matches("[0-9-]{10}T[0-9:]{8}Z");
    assertThat(created.at("metadata", "namespace")).isEqualTo(namespace());
  }

  @Test
  default void creationIgnoresTheStatusWhereThatIsASubresource() {
    assertThat(createVm("a", "").at("status", "printableStatus")).isNull();
  }

  @Test
  default void creationKeepsTheStatusWhereThatIsNoSubresource() {
    Api.Reply created = api().post(vmis(), ApiRules.vmiBody("a"));

    assertThat(created.code()).isEqualTo(201);
    assertThat(created.at("status", "phase")).isEqualTo("Running");
  }

  @Test
  default void aSecondCreationIsRefusedAsAlreadyExists() {
    createVm("a", "");
    Api.Reply second = createVm("a", "");

    assertThat(second.code()).isEqualTo(409);
    assertThat(second.reason()).isEqualTo("AlreadyExists");
    assertThat(second.at("details", "name")).isEqualTo("a");
    assertThat(second.at("details", "kind")).isEqualTo("virtualmachines");
  }

  @Test
  default void aGeneratedNameHasFiveMoreCharacters() {
    Api.Reply created =
        api()
            .post(
                configMaps(),
                """
                {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"generateName": "a-"}}
                """);

    assertThat(created.code()).isEqualTo(201);
    assertThat(created.at("metadata", "name").toString()).matches("a-[a-z0-9]{5}");
  }

  @Test
  default void anObjectWithoutANameIsInvalid() {
    Api.Reply refused =
        api().post(configMaps(), "{\"kind\": \"ConfigMap\", \"apiVersion\": \"v1\"}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
  }

  @Test
  default void aNameInCapitalsIsInvalid() {
    Api.Reply refused = createVm("Capital", "");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
  }

  @Test
  default void aLabelValueWithASlashIsInvalid() {
    Api.Reply refused = createVm("a", ", \"labels\": {\"vm\": \"namespace/name\"}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
  }

  @Test
  default void anOwnerWithoutUidIsInvalid() {
    Api.Reply refused =
        createVm(
            "a",
            """
            , "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": ""}]
            """);

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
  }

  @Test
  default void malformedJsonIsABadRequest() {
    Api.Reply refused = api().post(configMaps(), "{\"kind\": ");

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.reason()).isEqualTo("BadRequest");
  }

  @Test
  default void anotherKindThanThatOfThePathIsRefused() {
    assertThat(api().post(vms(), ApiRules.vmiBody("a")).code()).isEqualTo(422);
    assertThat(api().post(vms(), ApiRules.vmiBody("a")).reason()).isEqualTo("Invalid");
    assertThat(api().post(configMaps(), ApiRules.vmiBody("a")).code()).isEqualTo(400);
    assertThat(api().post(configMaps(), ApiRules.vmiBody("a")).reason()).isEqualTo("BadRequest");
  }

  @Test
  default void anotherNamespaceThanThatOfThePathIsABadRequest() {
    Api.Reply refused = createVm("a", ", \"namespace\": \"other\"");

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.reason()).isEqualTo("BadRequest");
  }

  @Test
  default void aNamespaceThatDoesNotExistIsNotFound() {
    Api.Reply refused =
        api().post("/api/v1/namespaces/nowhere-at-all/configmaps", ApiRules.configMapBody("a", ""));

    assertThat(refused.code()).isEqualTo(404);
    assertThat(refused.reason()).isEqualTo("NotFound");
    assertThat(refused.at("details", "kind")).isEqualTo("namespaces");
  }

  @Test
  default void aKindThatIsNotServedIsNotFound() {
    assertThat(api().get("/apis/nobody.example/v1/namespaces/default/things").code())
        .isEqualTo(404);
    assertThat(api().post("/apis/nobody.example/v1/namespaces/default/things", "{}").code())
        .isEqualTo(404);
  }

  @Test
  default void anotherDryRunThanAllIsInvalid() {
    Api.Reply refused = api().post(vms() + "?dryRun=Some", ApiRules.vmBody("a", ""));

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
  }

  @Test
  default void aDryRunAnswersAsIfAndStoresNothing() {
    Api.Reply dry = api().post(vms() + "?dryRun=All", ApiRules.vmBody("a", ""));

    assertThat(dry.code()).isEqualTo(201);
    assertThat(dry.uid()).hasSize(36);
    assertThat(api().get(vm("a")).code()).isEqualTo(404);
    createVm("b", "");
    assertThat(api().post(vms() + "?dryRun=All", ApiRules.vmBody("b", "")).reason())
        .isEqualTo("AlreadyExists");
  }

  @Test
  default void plainSecretDataIsEncoded() {
    String secrets = "/api/v1/namespaces/" + namespace() + "/secrets";
    Api.Reply created =
        api()
            .post(
                secrets,
                """
                {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "a"},
                 "stringData": {"user": "root"}}
                """);

    assertThat(created.at("data", "user")).isEqualTo("cm9vdA==");
    assertThat(created.at("type")).isEqualTo("Opaque");
    assertThat(created.at("stringData")).isNull();
  }

  @Test
  default void aVersionOnANewObjectIsRefused() {
    Api.Reply refused = createVm("a", ", \"resourceVersion\": \"5\"");

    assertThat(refused.code()).isEqualTo(500);
  }
}
