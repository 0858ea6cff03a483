package dev.migrator.testkit.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of real custom resource definitions: YAML files for CDI, multi-cluster services and
 * Multus in itself, those of KubeVirt in sub-folders {@code kubevirt-VERSION}.
 *
 * @param folder the folder
 */
record Definitions(Path folder) {

  private static final String PROPERTY = "migrator.crds";
  private static final String VARIABLE = "MIGRATOR_CRDS";
  private static final String API_VERSION = "apiextensions.k8s.io/v1";
  private static final String KIND = "CustomResourceDefinition";

  /** Looks at the property, the variable, and a folder that may stand beside the project. */
  static Optional<Definitions> find() {
    return Stream.of(
            named(System.getProperty(PROPERTY)), named(System.getenv(VARIABLE)), besideProject())
        .flatMap(Optional::stream)
        .filter(Files::isDirectory)
        .findFirst()
        .map(Definitions::new);
  }

  /** Says where {@link #find} looked. */
  static String places() {
    return "-D" + PROPERTY + ", $" + VARIABLE + " or ../shared/k8s/crds beside the project";
  }

  /**
   * Installs everything for one KubeVirt version and waits until it is served.
   *
   * @param version such as {@code 1.9}; empty for the newest that is there
   */
  void install(KubernetesClient client, String version) {
    List<String> names = new ArrayList<>();
    for (Path file : files(version)) {
      GenericKubernetesResource definition =
          client
              .getKubernetesSerialization()
              .unmarshal(read(file), GenericKubernetesResource.class);
      client.genericKubernetesResources(API_VERSION, KIND).resource(definition).create();
      names.add(definition.getMetadata().getName());
    }
    for (String name : names) {
      Poll.until(
          "the definition " + name + " is served",
          () ->
              answers(
                  client,
                  client.genericKubernetesResources(API_VERSION, KIND).withName(name).get()));
    }
  }

  /** The definition of a KubeVirt version, by its file; empty where that version is not there. */
  Optional<GenericKubernetesResource> of(KubernetesClient client, String version, String name) {
    Path file = folder.resolve("kubevirt-" + version).resolve(name + ".yaml");
    return Optional.of(file)
        .filter(Files::exists)
        .map(
            there ->
                client
                    .getKubernetesSerialization()
                    .unmarshal(read(there), GenericKubernetesResource.class));
  }

  /** Replaces a definition that is installed; writes follow it a little later. */
  static void replace(KubernetesClient client, GenericKubernetesResource definition) {
    client
        .genericKubernetesResources(API_VERSION, KIND)
        .withName(definition.getMetadata().getName())
        .edit(
            stored -> {
              stored.setAdditionalProperty("spec", definition.get("spec"));
              return stored;
            });
  }

  /** The first requests to a kind may be put off while its storage begins. */
  private static boolean answers(
      KubernetesClient client, @Nullable GenericKubernetesResource definition) {
    if (definition == null || !established(definition)) {
      return false;
    }
    String version =
        definition.<List<Map<String, Object>>>get("spec", "versions").stream()
            .filter(each -> Boolean.TRUE.equals(each.get("served")))
            .map(each -> String.valueOf(each.get("name")))
            .findFirst()
            .orElseThrow();
    String path =
        "/apis/"
            + definition.get("spec", "group")
            + "/"
            + version
            + "/"
            + definition.get("spec", "names", "plural");
    try {
      return client.raw(path + "?limit=1") != null;
    } catch (KubernetesClientException notYet) {
      return false;
    }
  }

  private static boolean established(GenericKubernetesResource definition) {
    return definition.get("status", "conditions") instanceof List<?> conditions
        && conditions.stream()
            .anyMatch(
                each ->
                    each instanceof Map<?, ?> condition
                        && "Established".equals(condition.get("type"))
                        && "True".equals(condition.get("status")));
  }

  private List<Path> files(String version) {
    Path kubevirt =
        version.isEmpty()
            ? list(folder, "kubevirt-*").stream()
                .max(Comparator.comparing(path -> path.getFileName().toString()))
                .orElseThrow(() -> new IllegalStateException("There is no kubevirt-* in " + folder))
            : folder.resolve("kubevirt-" + version);
    List<Path> all = new ArrayList<>(list(folder, "*.yaml"));
    all.addAll(list(kubevirt, "*.yaml"));
    return all;
  }

  private static List<Path> list(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(folder, glob)) {
      entries.forEach(found::add);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot look into " + folder, unreadable);
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot read " + file, unreadable);
    }
  }

  private static Optional<Path> named(@Nullable String path) {
    return Optional.ofNullable(path).filter(text -> !text.isBlank()).map(Path::of);
  }

  private static Optional<Path> besideProject() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("mvnw"))) {
        return Optional.of(at.resolveSibling("shared").resolve("k8s").resolve("crds"));
      }
    }
    return Optional.empty();
  }
}
