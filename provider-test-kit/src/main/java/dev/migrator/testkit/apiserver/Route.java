package dev.migrator.testkit.apiserver;

import dev.migrator.model.Side;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a call goes.
 *
 * @param request the call in the words of the API
 * @param type the kind it is about; null where this server has no such kind
 */
record Route(ApiRequest request, @Nullable ResourceType type) {

  static Route of(Call call, Side side, int number, ResourceTypes types) {
    List<String> path = call.path();
    boolean core = path.size() > 2 && path.get(0).equals("api");
    boolean named = path.size() > 3 && path.get(0).equals("apis");
    if (!core && !named) {
      return new Route(
          request(side, number, Verb.GET, "", "", "/" + String.join("/", path), "", call), null);
    }
    String group = core ? "" : path.get(1);
    String version = path.get(core ? 1 : 2);
    List<String> rest = path.subList(core ? 2 : 3, path.size());
    String namespace = "";
    if (rest.get(0).equals("namespaces") && rest.size() > 2 && !ofNamespaceItself(rest)) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    String name = rest.size() > 1 ? rest.get(1) : "";
    String subresource = rest.size() > 2 ? String.join("/", rest.subList(2, rest.size())) : "";
    ResourceType type = types.find(group, version, rest.get(0));
    return new Route(
        new ApiRequest(
            side,
            number,
            verb(call, name),
            group,
            version,
            rest.get(0),
            type == null ? "" : type.kind(),
            namespace,
            name,
            subresource,
            call.parameter("dryRun").equals("All"),
            call.caller().user(),
            call.userAgent()),
        type);
  }

  private static boolean ofNamespaceItself(List<String> rest) {
    return rest.size() == 3 && (rest.get(2).equals("status") || rest.get(2).equals("finalize"));
  }

  private static Verb verb(Call call, String name) {
    return switch (call.method()) {
      case "GET", "HEAD" -> call.flag("watch") ? Verb.WATCH : name.isEmpty() ? Verb.LIST : Verb.GET;
      case "POST" -> Verb.CREATE;
      case "PUT" -> Verb.UPDATE;
      case "PATCH" -> Verb.PATCH;
      case "DELETE" -> name.isEmpty() ? Verb.DELETECOLLECTION : Verb.DELETE;
      default ->
          throw new ApiException(
              405,
              "MethodNotAllowed",
              "the server does not allow this method on the requested resource");
    };
  }

  private static ApiRequest request(
      Side side,
      int number,
      Verb verb,
      String group,
      String version,
      String resource,
      String namespace,
      Call call) {
    return new ApiRequest(
        side,
        number,
        verb,
        group,
        version,
        resource,
        "",
        namespace,
        "",
        "",
        false,
        call.caller().user(),
        call.userAgent());
  }
}
