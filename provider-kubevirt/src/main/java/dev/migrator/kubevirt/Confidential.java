package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody's words quote what nobody may repeat (R14): the content of a Secret or ConfigMap
 * that is sent along, or the cloud-init data of a machine. Servers and webhooks may quote what they
 * refuse.
 */
final class Confidential {

  /** What is said instead. */
  static final String WITHHELD = "its words are not repeated, because they quote confidential data";

  private static final Set<String> CONTENT = Set.of("data", "stringData", "binaryData");
  private static final Set<String> CLOUD_INIT =
      Set.of("userData", "userDataBase64", "networkData", "networkDataBase64");

  /** The names that such data goes by, where it is spelled out. */
  private static final Pattern SPELLED =
      Pattern.compile(
          "(?:user|network)data(?:base64)?[\\\\\"']*\\s*[:=]", Pattern.CASE_INSENSITIVE);

  private static final int WINDOW = 12;
  private static final int SHORTEST = 3;

  private Confidential() {}

  /** Whether words quote cloud-init data, whoever's. */
  static boolean isSpelledIn(String words) {
    return SPELLED.matcher(words).find();
  }

  /** Whether words quote, in plain or in base64, a part of what an object holds in confidence. */
  static boolean isQuotedIn(String words, GenericKubernetesResource object) {
    if (isSpelledIn(words)) {
      return true;
    }
    List<String> values = new ArrayList<>();
    boolean all = isAllContent(object);
    object
        .getAdditionalProperties()
        .forEach((key, value) -> collect(value, all && CONTENT.contains(key), values));
    if (values.isEmpty()) {
      return false;
    }
    Set<String> windows = new HashSet<>();
    for (int i = 0; i + WINDOW <= words.length(); i++) {
      windows.add(words.substring(i, i + WINDOW));
    }
    return values.stream().anyMatch(value -> isQuoted(value, words, windows));
  }

  private static boolean isAllContent(GenericKubernetesResource object) {
    return Kind.SECRET.matches(object) || Kind.CONFIG_MAP.matches(object);
  }

  private static void collect(@Nullable Object node, boolean confidential, List<String> values) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) ->
              collect(value, confidential || CLOUD_INIT.contains(String.valueOf(key)), values));
    } else if (node instanceof List<?> list) {
      list.forEach(each -> collect(each, confidential, values));
    } else if (confidential && node != null) {
      values.add(node.toString());
      decoded(node.toString(), values);
    }
  }

  private static void decoded(String value, List<String> values) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(value);
      values.add(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notEncoded) {
      // Then the value as it stands is all there is to look for.
    }
  }

  private static boolean isQuoted(String value, String words, Set<String> windows) {
    for (int i = 0; i + WINDOW <= value.length(); i++) {
      if (windows.contains(value.substring(i, i + WINDOW))) {
        return true;
      }
    }
    return value
        .lines()
        .map(String::strip)
        .filter(line -> line.length() >= SHORTEST && line.length() < WINDOW)
        .anyMatch(words::contains);
  }
}
