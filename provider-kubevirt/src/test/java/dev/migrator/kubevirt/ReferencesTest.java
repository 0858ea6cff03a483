package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** One walk finds every row of the contract's table of references. */
class ReferencesTest {

  private final References everything = Machines.own("everything").build().references();

  @Test
  void secretsAreFoundInEveryPlaceThatCanNameOne() {
    assertThat(everything.of(ReferenceKind.SECRET))
        .extracting(Reference::describe)
        .contains(
            "Secret init (volumes[init].cloudInitNoCloud.secretRef.name)",
            "Secret network-data (volumes[init].cloudInitNoCloud.networkDataSecretRef.name)",
            "Secret drive (volumes[drive].cloudInitConfigDrive.secretRef.name)",
            "Secret slic-table (volumes[slic].secret.secretName)",
            "Secret pull-tools (volumes[image].containerDisk.imagePullSecret)",
            "Secret pull-kernel (domain.firmware.kernelBoot.container.imagePullSecret)",
            "Secret ssh-key (accessCredentials.sshPublicKey.source.secret.secretName)",
            "Secret password (accessCredentials.userPassword.source.secret.secretName)");
    assertThat(everything.names(ReferenceKind.SECRET)).hasSize(8);
  }

  @Test
  void everythingElseIsFoundToo() {
    assertThat(everything.names(ReferenceKind.CONFIG_MAP))
        .containsExactly("answers", "settings", "maybe");
    assertThat(everything.names(ReferenceKind.DATA_VOLUME))
        .containsExactly("everything-root", "everything-data");
    assertThat(everything.names(ReferenceKind.CLAIM)).containsExactly("everything-bare");
    assertThat(everything.names(ReferenceKind.IMAGE))
        .containsExactly("registry.example/tools:latest", "registry.example/kernel:6");
    assertThat(everything.names(ReferenceKind.SERVICE_ACCOUNT)).containsExactly("robot");
    assertThat(everything.names(ReferenceKind.PRIORITY_CLASS)).containsExactly("important");
    assertThat(everything.names(ReferenceKind.NETWORK)).containsExactly("vlan-7");
    assertThat(everything.names(ReferenceKind.POD_NETWORK)).hasSize(1);
  }

  @Test
  void whatMayBeAbsentIsMarkedSo() {
    assertThat(everything.isOptional(ReferenceKind.CONFIG_MAP, "maybe")).isTrue();
    assertThat(everything.isOptional(ReferenceKind.CONFIG_MAP, "settings")).isFalse();
  }

  @Test
  void theJsonOfSidecarHooksIsRead() {
    References gated = Machines.own("gated").build().references();
    assertThat(gated.names(ReferenceKind.CONFIG_MAP)).containsExactly("hook");
    assertThat(gated.names(ReferenceKind.FEATURE_GATE)).containsExactly("Sidecar");
    assertThat(gated.names(ReferenceKind.NETWORK_BINDING)).containsExactly("passt");
  }

  @Test
  void brokenJsonOfSidecarHooksIsLeftToAdmission() {
    Machines machine =
        Machines.plain()
            .spec(
                spec ->
                    Tree.put(
                        spec,
                        "[{\"configMap\": ",
                        "template",
                        "metadata",
                        "annotations",
                        References.HOOK_SIDECARS));
    assertThat(machine.build().references().names(ReferenceKind.CONFIG_MAP)).isEmpty();
  }
}
