package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which images the container disks of a running machine use.
 *
 * <p>KubeVirt copies the overlay of a container disk only and expects the same image beneath it,
 * but lets the target resolve the tag again (contract 4.1): another digest corrupts the disk.
 */
final class Images {

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private Images() {}

  /** Whether a spec uses an image that is not pinned yet. */
  static boolean isNeeded(Map<String, Object> spec) {
    return written(spec).values().stream().anyMatch(image -> !isPinned(image));
  }

  /** The images of a spec as written, by volume. */
  static Map<String, String> written(Map<String, Object> spec) {
    Map<String, String> images = new LinkedHashMap<>();
    for (Map<String, Object> volume : Tree.maps(spec, "volumes")) {
      Tree.text(volume, "containerDisk", "image")
          .ifPresent(image -> images.put(Tree.text(volume, "name").orElse(""), image));
    }
    Tree.text(spec, "domain", "firmware", "kernelBoot", "container", "image")
        .ifPresent(image -> images.put(SourceMachine.KERNEL_BOOT, image));
    return images;
  }

  /**
   * The images in use, as {@code repository@digest}.
   *
   * @param vmi the running instance
   * @param pods its launcher pods; the one that runs counts
   * @return the images by volume, as far as the pod tells
   */
  static Map<String, String> inUse(VmiView vmi, List<GenericKubernetesResource> pods) {
    Map<String, String> images = new LinkedHashMap<>();
    for (GenericKubernetesResource pod : pods) {
      Map<String, Object> status = Tree.map(pod.getAdditionalProperties(), "status");
      if (Tree.text(status, "phase").filter("Running"::equals).isPresent()) {
        written(vmi.spec())
            .forEach(
                (volume, image) ->
                    digest(status, volume)
                        .ifPresent(digest -> images.put(volume, pin(image, digest))));
      }
    }
    return images;
  }

  static boolean isPinned(String image) {
    return DIGEST.matcher(image).find();
  }

  /** KubeVirt names the container of a disk after its volume. */
  private static Optional<String> digest(Map<String, Object> status, String volume) {
    return java.util.stream.Stream.of("containerStatuses", "initContainerStatuses")
        .flatMap(list -> Tree.maps(status, list).stream())
        .filter(
            container ->
                Tree.text(container, "name")
                    .filter(
                        name ->
                            name.equals("volume" + volume)
                                || name.equals("volume" + volume + "-init"))
                    .isPresent())
        .flatMap(container -> Tree.text(container, "imageID").stream())
        .map(DIGEST::matcher)
        .filter(java.util.regex.Matcher::find)
        .map(java.util.regex.Matcher::group)
        .findFirst();
  }

  private static String pin(String image, String digest) {
    int at = image.indexOf('@');
    String base = at < 0 ? image : image.substring(0, at);
    int colon = base.lastIndexOf(':');
    String repository = colon > base.lastIndexOf('/') ? base.substring(0, colon) : base;
    return repository + "@" + digest;
  }
}
