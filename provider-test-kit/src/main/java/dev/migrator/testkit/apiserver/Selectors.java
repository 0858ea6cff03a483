package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors, as predicates over an object's tree. */
final class Selectors {

  private static final Pattern SET_BASED =
      Pattern.compile("\\s*([^\\s=!,()]+)\\s+(in|notin)\\s+\\(([^)]*)\\)\\s*");
  private static final Pattern EQUALITY =
      Pattern.compile("\\s*([^\\s=!,()]+)\\s*(==|=|!=)\\s*([^\\s,()=!]*)\\s*");
  private static final Pattern EXISTENCE = Pattern.compile("\\s*(!?)\\s*([^\\s=!,()]+)\\s*");

  /** Beyond name and namespace, which every kind has. */
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "/pods",
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "status.phase",
              "status.podIP"),
          "/events",
          Set.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "reason",
              "type",
              "reportingComponent",
              "source"),
          "/secrets",
          Set.of("type"),
          "/namespaces",
          Set.of("status.phase"),
          "/nodes",
          Set.of("spec.unschedulable"),
          "batch/jobs",
          Set.of("status.successful"));

  private Selectors() {}

  /** Parses both; what a real server does not understand is a 400. */
  static Predicate<Map<String, Object>> of(ResourceType type, String labels, String fields) {
    List<Predicate<Map<String, Object>>> all = new ArrayList<>();
    for (String part : splitOutsideParentheses(labels)) {
      all.add(label(part));
    }
    for (String part : fields.isBlank() ? new String[0] : fields.split(",", -1)) {
      all.add(field(type, part));
    }
    return tree -> all.stream().allMatch(each -> each.test(tree));
  }

  private static List<String> splitOutsideParentheses(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    if (!text.isBlank()) {
      parts.add(text.substring(start));
    }
    return parts;
  }

  private static Predicate<Map<String, Object>> label(String part) {
    Matcher set = SET_BASED.matcher(part);
    if (set.matches()) {
      String key = set.group(1);
      Set<String> values = new HashSet<>(List.of(set.group(3).strip().split("\\s*,\\s*")));
      boolean in = set.group(2).equals("in");
      return tree -> {
        Object value = labels(tree).get(key);
        return in == (value != null && values.contains(value.toString()));
      };
    }
    Matcher equality = EQUALITY.matcher(part);
    if (equality.matches()) {
      String key = equality.group(1);
      String wanted = equality.group(3);
      boolean equal = !equality.group(2).equals("!=");
      return tree -> wanted.equals(labels(tree).get(key)) == equal;
    }
    Matcher existence = EXISTENCE.matcher(part);
    if (existence.matches()) {
      boolean present = existence.group(1).isEmpty();
      return tree -> labels(tree).containsKey(existence.group(2)) == present;
    }
    throw ApiException.badRequest("unable to parse requirement: '" + part + "'");
  }

  private static Map<String, Object> labels(Map<String, Object> tree) {
    return Json.map(Json.metadata(tree), "labels");
  }

  private static Predicate<Map<String, Object>> field(ResourceType type, String part) {
    Matcher equality = EQUALITY.matcher(part);
    if (!equality.matches()) {
      throw ApiException.badRequest("invalid selector: '" + part + "'; can't understand it");
    }
    String path = equality.group(1);
    boolean common = path.equals("metadata.name") || path.equals("metadata.namespace");
    if (!common && !FIELDS.getOrDefault(type.key(), Set.of()).contains(path)) {
      throw ApiException.badRequest("field label not supported: " + path);
    }
    String[] steps = path.split("\\.", -1);
    String wanted = equality.group(3);
    boolean equal = !equality.group(2).equals("!=");
    return tree -> {
      Map<String, Object> at = tree;
      for (int i = 0; i < steps.length - 1; i++) {
        at = Json.map(at, steps[i]);
      }
      return wanted.equals(Json.text(at, steps[steps.length - 1])) == equal;
    };
  }
}
