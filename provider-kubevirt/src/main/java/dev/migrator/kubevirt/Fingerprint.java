package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What must not change on the source between the first look and the hand-over (rule R4 of the
 * design), as digests: they hold no content and may be stored.
 *
 * <p>What this library changes itself (the run strategy) and what KubeVirt's controllers write into
 * a machine's spec on their own is left out.
 *
 * @param machine over the specs of the machine and of its running instance
 * @param belongings over the claims, Secrets and ConfigMaps that it refers to
 */
record Fingerprint(String machine, String belongings) {

  private static final String SEPARATOR = ".";

  static Fingerprint of(SourceMachine source) {
    return new Fingerprint(
        ofMachine(source.vm(), source.vmi()),
        Hash.of(
            canonical(versions(source.claims())),
            canonical(salted(source.secrets())),
            canonical(contents(source.configMaps()))));
  }

  /** The part that the watched objects alone tell. */
  static String ofMachine(VmView vm, @Nullable VmiView vmi) {
    Map<String, Object> spec = Tree.copy(vm.spec());
    spec.remove("runStrategy");
    spec.remove("running");
    for (String matcher : List.of(Matcher.INSTANCETYPE, Matcher.PREFERENCE)) {
      Tree.remove(spec, matcher, "revisionName");
    }
    Tree.remove(spec, "template", "metadata", "creationTimestamp");
    // KubeVirt's firmware controller writes both into machines that are older than itself.
    Tree.remove(spec, "template", "spec", "domain", "firmware", "uuid");
    Tree.remove(spec, "template", "spec", "domain", "firmware", "serial");
    return Hash.of(
        vm.uid(),
        canonical(spec),
        vmi == null ? "" : vmi.uid(),
        vmi == null ? "" : canonical(vmi.spec()));
  }

  /** Both parts in one text, for a status. */
  String text() {
    return machine + SEPARATOR + belongings;
  }

  /**
   * What differs from an earlier fingerprint, for people.
   *
   * @param earlier what {@link #text()} returned then
   * @return what changed; empty when nothing did
   */
  List<String> changedSince(String earlier) {
    int split = earlier.indexOf(SEPARATOR);
    List<String> changed = new ArrayList<>();
    if (split < 0 || !earlier.substring(0, split).equals(machine)) {
      changed.add("the machine's spec, or its running instance");
    }
    if (split < 0 || !earlier.substring(split + 1).equals(belongings)) {
      changed.add("a volume, Secret or ConfigMap that it refers to");
    }
    return changed;
  }

  /** Digests by name: what a claim is, not what its controllers note on it. */
  private static Map<String, Object> versions(Map<String, GenericKubernetesResource> claims) {
    Map<String, Object> all = new TreeMap<>();
    claims.forEach(
        (name, claim) -> {
          String uid = claim.getMetadata().getUid();
          all.put(
              name,
              Hash.of(
                  uid == null ? "" : uid,
                  canonical(Tree.map(claim.getAdditionalProperties(), "spec"))));
        });
    return all;
  }

  /**
   * As {@link #contents}, with the uid as salt: who may read a status and not the Secret could try
   * passwords against a bare digest.
   */
  private static Map<String, Object> salted(Map<String, GenericKubernetesResource> secrets) {
    Map<String, Object> all = new TreeMap<>();
    secrets.forEach(
        (name, secret) ->
            all.put(name, Hash.of(String.valueOf(secret.getMetadata().getUid()), content(secret))));
    return all;
  }

  private static Map<String, Object> contents(Map<String, GenericKubernetesResource> objects) {
    Map<String, Object> all = new TreeMap<>();
    objects.forEach((name, object) -> all.put(name, content(object)));
    return all;
  }

  /** The digest of what an object says, without its metadata and status. */
  static String content(GenericKubernetesResource object) {
    Map<String, Object> content = new TreeMap<>(object.getAdditionalProperties());
    content.remove("status");
    return Hash.of(canonical(content));
  }

  /** One spelling for equal trees, whatever the order of their keys. */
  static String canonical(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      StringBuilder text = new StringBuilder("{");
      TreeMap<String, Object> sorted = new TreeMap<>();
      map.forEach(
          (key, value) -> {
            if (value != null) {
              sorted.put(String.valueOf(key), value);
            }
          });
      sorted.forEach((key, value) -> text.append(quoted(key)).append(canonical(value)));
      return text.append('}').toString();
    }
    if (node instanceof List<?> list) {
      StringBuilder text = new StringBuilder("[");
      list.forEach(each -> text.append(canonical(each)));
      return text.append(']').toString();
    }
    return quoted(String.valueOf(node));
  }

  /** With its length in front, so that no two trees share a spelling. */
  private static String quoted(String text) {
    return text.length() + ":" + text + ",";
  }
}
