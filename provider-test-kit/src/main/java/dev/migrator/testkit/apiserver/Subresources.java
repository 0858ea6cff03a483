package dev.migrator.testkit.apiserver;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Subresources other than status, and who answers them. */
final class Subresources {

  private final Map<String, SubresourceHandler> handlers = new ConcurrentHashMap<>();

  void register(String group, String plural, String subresource, SubresourceHandler handler) {
    handlers.put(group + "/" + plural + "/" + subresource, handler);
  }

  @Nullable SubresourceHandler find(ApiRequest request) {
    return handlers.get(request.group() + "/" + request.resource() + "/" + request.subresource());
  }

  static Answer answer(SubresourceHandler handler, ApiRequest request, Call call) {
    Map<String, Object> body = call.body().isBlank() ? Map.of() : Json.parse(call.body());
    Map<String, Object> tree =
        handler.handle(
            new SubresourceHandler.Request(
                request.side(), request.verb(), request.namespace(), request.name(), body));
    return Answer.json(request.verb() == Verb.CREATE ? 201 : 200, Json.write(tree));
  }
}
