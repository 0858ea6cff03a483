package dev.migrator.testkit.apiserver;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as it arrived, whatever brought it.
 *
 * @param method HTTP method
 * @param path decoded segments of the path
 * @param query decoded query parameters, the last one of each name
 * @param contentType without parameters, empty where there is none
 * @param userAgent what the client calls itself
 * @param body the body, empty where there is none
 * @param caller who sent it, impersonation applied
 */
record Call(
    String method,
    List<String> path,
    Map<String, String> query,
    String contentType,
    String userAgent,
    String body,
    Caller caller) {

  static Call of(
      String method,
      URI uri,
      Function<String, @Nullable List<String>> headers,
      String body,
      Caller caller) {
    String user = first(headers.apply("Impersonate-User"));
    List<String> groups = headers.apply("Impersonate-Group");
    return new Call(
        method,
        segments(uri.getRawPath()),
        parameters(uri.getRawQuery()),
        first(headers.apply("Content-Type")).replaceFirst(";.*", "").strip(),
        first(headers.apply("User-Agent")),
        body,
        user.isEmpty() ? caller : caller.impersonating(user, groups == null ? List.of() : groups));
  }

  String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  boolean flag(String name) {
    String value = parameter(name);
    return value.equals("true") || value.equals("1");
  }

  private static String first(@Nullable List<String> values) {
    return values == null || values.isEmpty() ? "" : values.get(0);
  }

  private static List<String> segments(String rawPath) {
    List<String> segments = new ArrayList<>();
    for (String segment : rawPath.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(decode(segment.replace("+", "%2B")));
      }
    }
    return segments;
  }

  private static Map<String, String> parameters(@Nullable String rawQuery) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : rawQuery == null ? new String[0] : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      parameters.put(
          decode(equals < 0 ? pair : pair.substring(0, equals)),
          equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
