package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.SampleVm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Values that nothing but the Secrets and machines that hold them may ever say. */
final class Canaries {

  private static final String SONG = "Tweet7f3aTweet91cTweet";

  /** Every kind of Secret that a machine can mount, by name. */
  static final Map<String, String> TYPES =
      Map.of(
          "opaque", "Opaque",
          "basic", "kubernetes.io/basic-auth",
          "ssh", "kubernetes.io/ssh-auth",
          "tls", "kubernetes.io/tls",
          "registry", "kubernetes.io/dockerconfigjson",
          "sysprep", "Opaque",
          "net-data", "Opaque");

  private static final List<String> FORMS = forms();

  private Canaries() {}

  /** A value for one place: it has several lines, as user data has. */
  static String of(String place) {
    return "#cloud-config\npassword: " + SONG + "-" + place + "\nchpasswd: {expire: False}\n";
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A machine with a canary at every place that can hold one. */
  static SampleVm sample(MigrationRig rig) {
    rig.clusters.createNamespace(MigrationRig.NAMESPACE);
    TYPES.forEach((name, type) -> create(rig, name, type));
    SampleVm sample =
        SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME)
            .dataVolume("root", "1Gi")
            .cloudInit("user-data", of("secret"))
            .configMap("settings", of("config-map"));
    for (String name : List.of("opaque", "basic", "ssh", "tls", "registry")) {
      sample.volume(name, Map.of("secret", Map.of("secretName", name)));
    }
    return sample
        .volume("sysprep", Map.of("sysprep", Map.of("secret", Map.of("name", "sysprep"))))
        .volume(
            "inline",
            Map.of(
                "cloudInitConfigDrive",
                Map.of(
                    "userData", of("inline"),
                    "networkDataSecretRef", Map.of("name", "net-data"))))
        .volume(
            "encoded",
            Map.of(
                "cloudInitNoCloud",
                Map.of(
                    "userDataBase64", base64(of("encoded")),
                    "networkDataBase64", base64(of("network")),
                    "networkData", of("network-data"))));
  }

  private static void create(MigrationRig rig, String name, String type) {
    rig.clusters
        .actorClient(Side.SOURCE)
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(MigrationRig.NAMESPACE)
                .withName(name)
                .endMetadata()
                .withType(type)
                .addToData("userdata", base64(of(name)))
                .addToData("token", base64(SONG))
                .build())
        .create();
  }

  /** No canary, in whatever form, is in a text. */
  static void assertSilent(String what, Object text) {
    assertThat(String.valueOf(text)).as(what).doesNotContain(FORMS);
  }

  /** The search finds what it searches for. */
  static void assertSings(Object text) {
    assertThat(FORMS).anyMatch(String.valueOf(text)::contains);
  }

  /** Everything on a cluster but the Secrets, and of machines all but their volumes. */
  static List<String> written(MigrationRig rig, Side side) {
    List<String> texts = new ArrayList<>();
    Cluster cluster = new Cluster(side, rig.clusters.actorClient(side));
    for (Kind kind : Kind.values()) {
      boolean isStored = kind != Kind.SUBJECT_ACCESS_REVIEW;
      if (!isStored || kind == Kind.SECRET || kind == Kind.CONTROLLER_REVISION) {
        continue;
      }
      for (GenericKubernetesResource object : cluster.list(kind, "", Map.of())) {
        GenericKubernetesResource shown = Tree.copy(object);
        Tree.remove(shown.getAdditionalProperties(), "spec", "volumes");
        Tree.remove(shown.getAdditionalProperties(), "spec", "template", "spec", "volumes");
        if (kind == Kind.CONFIG_MAP && object.getMetadata().getName().equals("settings")) {
          shown.getAdditionalProperties().remove("data");
        }
        texts.add(shown.toString());
      }
    }
    assertThat(texts).isNotEmpty();
    return texts;
  }

  /** As it is, and in base64 wherever it may begin within three bytes. */
  private static List<String> forms() {
    List<String> forms = new ArrayList<>(List.of(SONG));
    byte[] song = SONG.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + song.length];
      System.arraycopy(song, 0, shifted, before, song.length);
      String encoded = Base64.getEncoder().encodeToString(shifted);
      forms.add(encoded.substring(4, encoded.length() - 4));
    }
    forms.add(Arrays.toString(song).replace("[", "").replace("]", ""));
    return forms;
  }
}
