package dev.migrator.kubevirt;

import java.util.List;
import java.util.Locale;

/**
 * Something that the provider does with one kind of object, and for what.
 *
 * @param grant the role that it belongs to
 * @param place where it is done
 * @param kind the kind of object
 * @param subresource the subresource, empty for the object itself
 * @param name the only object that is meant, empty for any
 * @param verbs as RBAC spells them
 * @param ofRequester those of the verbs that the requester of a plan must be allowed as well
 * @param when the moves that need it
 * @param purpose what it is for, to be read after "to"
 */
record Right(
    Grant grant,
    Place place,
    Kind kind,
    String subresource,
    String name,
    List<String> verbs,
    List<String> ofRequester,
    When when,
    String purpose) {

  /** Where a right is needed. */
  enum Place {
    /** The namespace of the machine on that side. */
    MACHINE("the machine's namespace"),
    /** The namespace that KubeVirt is installed in. */
    KUBEVIRT("KubeVirt's namespace"),
    /** The namespaces of the networks that the machine is attached to on the target. */
    NETWORKS("the networks' namespaces"),
    /** The namespace that a host keeps its Jobs or statuses in. */
    HOST("the host's namespace"),
    /** No namespace, or all of them. */
    CLUSTER("the cluster");

    private final String text;

    Place(String text) {
      this.text = text;
    }

    /** For people. */
    String text() {
      return text;
    }

    /** Whether a role of one namespace can hold it. */
    boolean isNamespace() {
      return this != CLUSTER;
    }
  }

  static Right of(Grant grant, Place place, Kind kind, When when, String verbs, String purpose) {
    return new Right(
        grant, place, kind, "", "", List.of(verbs.split(" ", -1)), List.of(), when, purpose);
  }

  /** The same, for one object only. */
  Right named(String only) {
    return new Right(grant, place, kind, subresource, only, verbs, ofRequester, when, purpose);
  }

  /** The same, for a subresource. */
  Right sub(String part) {
    return new Right(grant, place, kind, part, name, verbs, ofRequester, when, purpose);
  }

  /** The same, and the requester must be allowed these of its verbs. */
  Right requester(String some) {
    return new Right(
        grant, place, kind, subresource, name, verbs, List.of(some.split(" ", -1)), when, purpose);
  }

  /** The resource as RBAC spells it: {@code pods}, {@code virtualmachines/finalizers}. */
  String resource() {
    return kind.plural() + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  /** The line of {@code docs/rights.md}. */
  String documentation() {
    String group = kind.group().isEmpty() ? "" : "." + kind.group();
    return String.join(
        " | ",
        "| `" + grant.name().toLowerCase(Locale.ROOT) + "`",
        place.text(),
        "`" + resource() + group + "`" + (name.isEmpty() ? "" : " named `" + name + "`"),
        String.join(", ", verbs),
        ofRequester.isEmpty() ? "-" : String.join(", ", ofRequester),
        when.text(),
        purpose + " |");
  }
}
