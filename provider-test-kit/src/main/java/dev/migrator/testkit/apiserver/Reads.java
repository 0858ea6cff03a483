package dev.migrator.testkit.apiserver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** GET of one object or of a collection. */
final class Reads {

  private static final String TOKEN = "after:";

  private final Core core;

  Reads(Core core) {
    this.core = core;
  }

  Answer get(ApiRequest request, ResourceType type) {
    Stored stored = core.storage.get(type, request.namespace(), request.name());
    if (stored == null) {
      throw ApiException.notFound(type, request.name());
    }
    return Answer.json(200, stored.json(request.version()));
  }

  Answer list(
      ApiRequest request, ResourceType type, Predicate<Map<String, Object>> selection, Call call) {
    number(call, "resourceVersion");
    int limit = number(call, "limit");
    int most = limit == 0 ? Integer.MAX_VALUE : limit;
    String after = decode(call.parameter("continue"));
    List<String> items = new ArrayList<>();
    String last = "";
    String next = "";
    int remaining = 0;
    for (Stored stored : core.storage.list(type, request.namespace())) {
      String place = stored.namespace + "/" + stored.name;
      if (place.compareTo(after) <= 0 || !selection.test(stored.tree)) {
        continue;
      }
      if (items.size() < most) {
        items.add(stored.json(request.version()));
        last = place;
      } else {
        next = last;
        remaining++;
      }
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("resourceVersion", Long.toString(core.storage.version()));
    metadata.put("continue", next.isEmpty() ? "" : encode(next));
    if (!next.isEmpty()) {
      metadata.put("remainingItemCount", remaining);
    }
    return Answer.json(
        200,
        "{\"kind\":\""
            + type.kind()
            + "List\",\"apiVersion\":\""
            + type.apiVersion(request.version())
            + "\",\"metadata\":"
            + Json.write(metadata)
            + ",\"items\":["
            + String.join(",", items)
            + "]}");
  }

  static Map<String, Object> listOf(
      Core core, ResourceType type, String version, List<Object> items) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("kind", type.kind() + "List");
    list.put("apiVersion", type.apiVersion(version));
    list.put("metadata", Map.of("resourceVersion", Long.toString(core.storage.version())));
    list.put("items", items);
    return list;
  }

  private static int number(Call call, String parameter) {
    String text = call.parameter(parameter);
    if (!text.matches("[0-9]{0,9}")) {
      throw ApiException.badRequest(parameter + ": \"" + text + "\" is not a number");
    }
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private static String encode(String place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((TOKEN + place).getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    String place = "";
    if (!token.isEmpty()) {
      try {
        place = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException malformed) {
        throw ApiException.badRequest("continue key is not valid: " + malformed.getMessage());
      }
      if (!place.startsWith(TOKEN)) {
        throw ApiException.badRequest("continue key is not valid: " + token);
      }
    }
    return token.isEmpty() ? "" : place.substring(TOKEN.length());
  }
}
