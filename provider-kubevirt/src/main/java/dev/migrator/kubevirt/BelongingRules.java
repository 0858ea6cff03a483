package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether what a machine refers to is there on the source and can go along (contract 4.1). */
final class BelongingRules {

  private static final String SERVICE_ACCOUNT_TOKEN = "kubernetes.io/service-account-token";

  /** Keys whose value is the name of another object, wherever they stand. */
  private static final Set<String> NAMING_KEYS =
      Set.of("secretName", "claimName", "serviceAccountName", "imagePullSecret");

  /** Subtrees that other rules judge as a whole. */
  private static final Set<String> JUDGED =
      Set.of("ephemeral", "memoryDump", "hostDisk", "gpus", "hostDevices", "resourceClaims");

  private final SourceMachine source;
  private final References references;
  private final Findings findings;

  private BelongingRules(SourceMachine source, Findings findings) {
    this.source = source;
    this.references = source.references();
    this.findings = findings;
  }

  static void check(SourceMachine source, KubeVirtOptions options, Findings findings) {
    BelongingRules rules = new BelongingRules(source, findings);
    rules.present(ReferenceKind.SECRET, source.secrets(), ConcernCode.SECRET_MISSING);
    rules.present(ReferenceKind.CONFIG_MAP, source.configMaps(), ConcernCode.CONFIG_MAP_MISSING);
    rules.portable();
    rules.volumes();
    if (options.instancetypes() != KubeVirtOptions.Instancetypes.EXPAND) {
      rules.matched(source.vm().instancetype());
      rules.matched(source.vm().preference());
    }
    if (options.images() == KubeVirtOptions.Images.DIGEST) {
      rules.images();
    }
    rules.unknown();
  }

  private void present(
      ReferenceKind kind, Map<String, GenericKubernetesResource> found, ConcernCode code) {
    for (String name : references.names(kind)) {
      if (!found.containsKey(name) && !references.isOptional(kind, name)) {
        String field =
            references.of(kind).stream()
                .filter(it -> it.name().equals(name))
                .map(Reference::field)
                .findFirst()
                .orElse("");
        findings.add(
            code,
            kind.label() + " " + source.ref().namespace() + "/" + name,
            "The machine refers to it in " + field + ", but it does not exist on the source.");
      }
    }
  }

  private void portable() {
    source
        .secrets()
        .forEach(
            (name, secret) ->
                findings.addIf(
                    Tree.text(secret.getAdditionalProperties(), "type")
                        .filter(SERVICE_ACCOUNT_TOKEN::equals)
                        .isPresent(),
                    ConcernCode.SECRET_NOT_PORTABLE,
                    "Secret " + source.ref().namespace() + "/" + name,
                    "It holds the token of a service account of the source cluster."));
  }

  private void volumes() {
    for (SourceVolume volume : SourceVolume.of(source)) {
      String subject =
          "PersistentVolumeClaim " + source.ref().namespace() + "/" + volume.claimName();
      if (volume.claim() == null) {
        findings.add(
            ConcernCode.CLAIM_MISSING,
            subject,
            "Volume " + volume.name() + " is kept in it, but it does not exist on the source.");
      } else {
        findings.addIf(
            volume.size().isEmpty(),
            ConcernCode.CLAIM_SIZE_UNKNOWN,
            subject,
            "Neither its capacity nor its request tells a size.");
      }
    }
  }

  private void matched(Optional<Matcher> matcher) {
    matcher
        .filter(it -> !source.matched().containsKey(it.field()))
        .ifPresent(
            it ->
                findings.add(
                    ConcernCode.INSTANCETYPE_CONTENT_UNKNOWN,
                    it.describe(),
                    "The content with which the guest was started cannot be found on the source."));
  }

  private void images() {
    Map<String, String> written = new LinkedHashMap<>(Images.written(source.vm().templateSpec()));
    source.instance().ifPresent(vmi -> written.putAll(Images.written(vmi.spec())));
    written.forEach(
        (volume, image) ->
            findings.addIf(
                !Images.isPinned(image) && !source.images().containsKey(volume),
                ConcernCode.IMAGE_NOT_PINNED,
                "volume " + volume,
                "The source's pod does not tell which image " + image + " was when it started."));
  }

  /** Looks for names in places that the walker has never heard of. */
  private void unknown() {
    Set<String> known = new LinkedHashSet<>();
    references.all().forEach(reference -> known.add(reference.name()));
    search("", source.vm().templateSpec(), known);
  }

  private void search(String path, Object node, Set<String> known) {
    if (node instanceof Map<?, ?> map) {
      map.forEach((key, value) -> entry(path, String.valueOf(key), value, known));
    } else if (node instanceof List<?> list) {
      list.stream().filter(Map.class::isInstance).forEach(it -> search(path + "[]", it, known));
    }
  }

  private void entry(String path, String key, Object value, Set<String> known) {
    if (JUDGED.contains(key) || value == null) {
      return;
    }
    String here = path.isEmpty() ? key : path + "." + key;
    Optional<String> name =
        NAMING_KEYS.contains(key)
            ? Tree.text(value)
            : isReference(key) ? Tree.text(value, "name") : Optional.empty();
    name.filter(it -> !known.contains(it))
        .ifPresent(
            it ->
                findings.add(
                    ConcernCode.UNKNOWN_REFERENCE,
                    here,
                    "It names " + it + ", but nobody here knows what that is."));
    search(here, value, known);
  }

  private static boolean isReference(String key) {
    return key.endsWith("Ref") || key.equals("secret") || key.equals("configMap");
  }
}
