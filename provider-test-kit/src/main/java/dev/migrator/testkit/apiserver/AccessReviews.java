package dev.migrator.testkit.apiserver;

import dev.migrator.testkit.apiserver.AccessRule.Question;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Authorization: holds requests to the rule, and answers reviews from the same rule. */
final class AccessReviews {

  volatile AccessRule rule = AccessRule.ALLOW_ALL;

  void enforce(ApiRequest request, Caller caller) {
    if (!caller.counted() || request.version().isEmpty() || isReview(request)) {
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
            request.name());
    if (!rule.allows(question)) {
      throw new ApiException(403, "Forbidden", denial(question));
    }
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
