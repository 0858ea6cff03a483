package dev.migrator.testkit.apiserver;

import dev.migrator.testkit.apiserver.AccessRule.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Authorization: holds requests to the rule, and answers reviews from the same rule. */
final class AccessReviews {

  private static final List<String> VERBS =
      List.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");
  private static final Pattern ONE_NAME = Pattern.compile("(?:.*,)?metadata\\.name==?([^,]+).*");

  volatile AccessRule rule = AccessRule.ALLOW_ALL;
  private final ResourceTypes types;

  AccessReviews(ResourceTypes types) {
    this.types = types;
  }

  void enforce(ApiRequest request, Call call) {
    Caller caller = call.caller();
    boolean own = isReview(request) && request.resource().startsWith("selfsubject");
    if (!caller.counted() || request.version().isEmpty() || own) {
      return;
    }
    Question question =
        new Question(
            caller.user(),
            caller.groups(),
            request.verb().name().toLowerCase(Locale.ROOT),
            request.group(),
            request.resource(),
            request.subresource(),
            request.namespace(),
            name(request, call));
    if (!rule.allows(question)) {
      throw new ApiException(403, "Forbidden", denial(question));
    }
  }

  /** A list or watch of one object by its name is a request for that name. */
  private static String name(ApiRequest request, Call call) {
    if (request.verb() != Verb.LIST && request.verb() != Verb.WATCH) {
      return request.name();
    }
    Matcher selected = ONE_NAME.matcher(call.parameter("fieldSelector"));
    return selected.matches() ? selected.group(1) : request.name();
  }

  static boolean isReview(ApiRequest request) {
    return request.group().equals("authorization.k8s.io");
  }

  Answer review(ApiRequest request, Call call) {
    if (request.verb() != Verb.CREATE) {
      throw new ApiException(
          405,
          "MethodNotAllowed",
          "the server does not allow this method on the requested resource");
    }
    Map<String, Object> tree = Json.parse(call.body());
    Map<String, Object> spec = Json.map(tree, "spec");
    if (request.resource().equals("selfsubjectrulesreviews")) {
      tree.put("status", rules(call.caller(), Json.text(spec, "namespace")));
      return Answer.json(201, Json.write(tree));
    }
    String user = call.caller().user();
    List<String> groups = call.caller().groups();
    switch (request.resource()) {
      case "selfsubjectaccessreviews" -> {}
      case "subjectaccessreviews", "localsubjectaccessreviews" -> {
        user = Json.text(spec, "user");
        groups = Json.list(spec, "groups").stream().map(Object::toString).toList();
      }
      default -> {
        return Answer.text(404, "404 page not found\n");
      }
    }
    Map<String, Object> wanted = Json.map(spec, "resourceAttributes");
    if (wanted.isEmpty() && Json.map(spec, "nonResourceAttributes").isEmpty()) {
      throw new ApiException(
          422,
          "Invalid",
          "spec.resourceAttributes: Invalid value: exactly one of nonResourceAttributes or"
              + " resourceAttributes must be specified");
    }
    Question question =
        new Question(
            user,
            groups,
            Json.text(wanted, "verb"),
            Json.text(wanted, "group"),
            Json.text(wanted, "resource"),
            Json.text(wanted, "subresource"),
            Json.text(wanted, "namespace"),
            Json.text(wanted, "name"));
    boolean allowed = rule.allows(question);
    tree.put("status", Map.of("allowed", allowed, "reason", allowed ? "" : denial(question)));
    return Answer.json(201, Json.write(tree));
  }

  /** Everything that the rule allows in a namespace whatever the name, found by asking it. */
  private Map<String, Object> rules(Caller caller, String namespace) {
    if (namespace.isEmpty()) {
      throw ApiException.badRequest("no namespace on request");
    }
    List<Map<String, Object>> allowed = new ArrayList<>();
    for (ResourceType type : types.all()) {
      List<String> verbs =
          VERBS.stream().filter(verb -> allows(caller, verb, type, namespace)).toList();
      if (!verbs.isEmpty()) {
        allowed.add(
            Map.of(
                "verbs", verbs,
                "apiGroups", List.of(type.group()),
                "resources", List.of(type.plural())));
      }
    }
    return Map.of("resourceRules", allowed, "nonResourceRules", List.of(), "incomplete", false);
  }

  private boolean allows(Caller caller, String verb, ResourceType type, String namespace) {
    return rule.allows(
        new Question(
            caller.user(), caller.groups(), verb, type.group(), type.plural(), "", namespace, ""));
  }

  private static String denial(Question question) {
    String what =
        question.resource()
            + (question.group().isEmpty() ? "" : "." + question.group())
            + (question.name().isEmpty() ? "" : " \"" + question.name() + "\"");
    return what
        + " is forbidden: User \""
        + question.user()
        + "\" cannot "
        + question.verb()
        + " resource \""
        + question.resource()
        + (question.subresource().isEmpty() ? "" : "/" + question.subresource())
        + "\" in API group \""
        + question.group()
        + "\""
        + (question.namespace().isEmpty()
            ? " at the cluster scope"
            : " in the namespace \"" + question.namespace() + "\"");
  }
}
