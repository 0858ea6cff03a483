package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.Clusters;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The shipped roles on real API servers, bound to a user as docs/rights.md says. */
final class BoundRoles {

  private static final String USER = "migrator-it";
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final long SOON = 20_000_000;
  private static final int PATIENCE = 500;

  /** What stands in the files for a namespace that the cluster's administrator chooses. */
  private static final Set<String> CHOSEN = Set.of(RoleFiles.MACHINES, "networks", "migrator");

  private final Clusters clusters;
  private final String user;
  private final Function<Side, List<HasMetadata>> roles;

  /** The roles that are bound in the namespaces of machines. */
  BoundRoles(Clusters clusters) {
    this(clusters, USER, side -> load(side, ""));
  }

  private BoundRoles(Clusters clusters, String user, Function<Side, List<HasMetadata>> roles) {
    this.clusters = clusters;
    this.user = user;
    this.roles = roles;
  }

  /** The same as Roles of the machines' namespaces. */
  static BoundRoles narrow(Clusters clusters) {
    return new BoundRoles(clusters, USER + "-narrow", side -> load(side, "namespaced/"));
  }

  /** The role of a host that keeps its Jobs and statuses on the source. */
  static BoundRoles host(Clusters clusters) {
    return new BoundRoles(
        clusters,
        USER + "-host",
        side -> side == Side.SOURCE ? ShippedRoles.load("migrator-host.yaml") : List.of());
  }

  /** The connection of somebody who has the roles and nothing else. */
  KubernetesClient connection(Side side) {
    return clusters.clientAs(side, user);
  }

  /** Makes the roles, and binds those that belong to no machine's namespace. */
  void apply() {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      for (HasMetadata role : roles.apply(side)) {
        if (!isChosen(role)) {
          put(side, role);
        }
        if (!isOfMachines(role)) {
          if (role instanceof Role) {
            bind(side, role, role.getMetadata().getNamespace(), user);
          } else {
            bindEverywhere(side, role, user);
          }
        }
      }
    }
  }

  /** Binds the rest in the namespace of a machine. */
  void bind(String namespace) {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      List<HasMetadata> placed =
          roles.apply(side).stream()
              .filter(BoundRoles::isOfMachines)
              .map(role -> in(role, namespace))
              .toList();
      for (HasMetadata role : placed) {
        if (role instanceof Role) {
          put(side, role);
        }
        bind(side, role, namespace, user);
      }
      if (!placed.isEmpty()) {
        await("the roles are in force", () -> may(side, namespace, "pods", "", "list", ""));
      }
    }
  }

  /** Lets a person do in a namespace what the requester of a plan must be allowed. */
  void bindRequester(String namespace, String user) {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      bind(side, requesters(side), namespace, user);
    }
  }

  /** As {@link #bindRequester}, in all namespaces, also those that are to be made. */
  void bindRequesterEverywhere(String user) {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      bindEverywhere(side, requesters(side), user);
    }
  }

  private HasMetadata requesters(Side side) {
    ClusterRoleBuilder role =
        new ClusterRoleBuilder().withNewMetadata().withName("requester-it").endMetadata();
    Rights.all().stream()
        .filter(right -> right.grant().sides().contains(side) && !right.ofRequester().isEmpty())
        .forEach(
            right ->
                role.addToRules(
                    new PolicyRuleBuilder()
                        .withApiGroups(right.kind().group())
                        .withResources(right.kind().plural())
                        .withVerbs(right.ofRequester())
                        .build()));
    put(side, role.build());
    return role.build();
  }

  private void bindEverywhere(Side side, HasMetadata role, String user) {
    put(
        side,
        new ClusterRoleBindingBuilder()
            .withNewMetadata()
            .withName(role.getMetadata().getName() + "-" + user)
            .endMetadata()
            .withNewRoleRef(RBAC, "ClusterRole", role.getMetadata().getName())
            .addNewSubject(RBAC, "User", user, null)
            .build());
  }

  /** Every rule of every role. */
  List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      for (HasMetadata role : roles.apply(side)) {
        for (PolicyRule rule : ShippedRoles.rules(role)) {
          // Role migrator-namespaces may look at namespaces as well: without it nothing is missing.
          boolean isTwice =
              side == Side.TARGET
                  && rule.getResources().contains("namespaces")
                  && rule.getVerbs().equals(List.of("get"));
          if (!isTwice) {
            rules.add(new Rule(side, role, rule));
          }
        }
      }
    }
    return rules;
  }

  /** One rule of a role; taken away until it is closed. */
  final class Rule implements AutoCloseable {
    private final Side side;
    private final HasMetadata role;
    private final PolicyRule rule;
    private String namespace = "";

    private Rule(Side side, HasMetadata role, PolicyRule rule) {
      this.side = side;
      this.role = role;
      this.rule = rule;
    }

    /** Whether it is about instance types and preferences of the whole cluster. */
    boolean isWide() {
      return rule.getResources().get(0).startsWith("virtualmachinecluster");
    }

    /** Whether it holds in the namespaces of machines only. */
    boolean isOfMachines() {
      return BoundRoles.isOfMachines(role);
    }

    /** Takes it away, and waits until that is in force where the machine is. */
    Rule take(String machines) {
      namespace =
          BoundRoles.isOfMachines(role)
              ? machines
              : role instanceof Role ? role.getMetadata().getNamespace() : "";
      List<PolicyRule> rest = new ArrayList<>(ShippedRoles.rules(role));
      rest.remove(rule);
      put(side, with(rest));
      await("gone: " + this, () -> !isInForce());
      return this;
    }

    /** Whether a finding is about it: the resource, the side, and all verbs. */
    boolean isNamedBy(String subject) {
      String group = rule.getApiGroups().get(0);
      String resource = rule.getResources().get(0) + (group.isEmpty() ? "" : "." + group);
      return subject.contains(" " + resource + " ") && subject.endsWith("of the " + place());
    }

    private String place() {
      boolean isHosts = role.getMetadata().getName().equals(Grant.HOST.role());
      return (isHosts ? Side.HOST : side).name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
      put(side, with(ShippedRoles.rules(role)));
      await("back: " + this, this::isInForce);
    }

    private boolean isInForce() {
      String[] resource = rule.getResources().get(0).split("/", -1);
      return may(
          side,
          namespace,
          resource[0],
          rule.getApiGroups().get(0),
          rule.getVerbs().get(rule.getVerbs().size() - 1),
          rule.getResourceNames() == null || rule.getResourceNames().isEmpty()
              ? ""
              : rule.getResourceNames().get(0),
          resource.length > 1 ? resource[1] : "");
    }

    private HasMetadata with(List<PolicyRule> rules) {
      if (role instanceof ClusterRole wide) {
        return wide.toBuilder().withRules(rules).build();
      }
      return in(((Role) role).toBuilder().withRules(rules).build(), namespace);
    }

    @Override
    public String toString() {
      return side
          + " "
          + role.getMetadata().getName()
          + " "
          + rule.getResources()
          + rule.getVerbs();
    }
  }

  private boolean may(
      Side side, String namespace, String resource, String group, String verb, String name) {
    return may(side, namespace, resource, group, verb, name, "");
  }

  private boolean may(
      Side side,
      String namespace,
      String resource,
      String group,
      String verb,
      String name,
      String subresource) {
    return new AccessReviews(connection(side))
        .self(new AccessQuestion(side, namespace, group, resource, subresource, name, verb))
        .allowed();
  }

  private void bind(Side side, HasMetadata role, String namespace, String user) {
    put(
        side,
        new RoleBindingBuilder()
            .withNewMetadata()
            .withName(role.getMetadata().getName() + "-" + user)
            .withNamespace(namespace)
            .endMetadata()
            .withNewRoleRef(RBAC, role.getKind(), role.getMetadata().getName())
            .addNewSubject(RBAC, "User", user, null)
            .build());
  }

  private void put(Side side, HasMetadata object) {
    clusters.actorClient(side).resource(object).forceConflicts().serverSideApply();
  }

  private static List<HasMetadata> load(Side side, String variant) {
    List<HasMetadata> roles = new ArrayList<>();
    for (Grant grant : Grant.values()) {
      if (grant.sides().contains(side)) {
        String file = variant + grant.role() + ".yaml";
        roles.addAll(
            ShippedRoles.load(ShippedRoles.text(file).isEmpty() ? grant.role() + ".yaml" : file));
      }
    }
    return roles;
  }

  /** A role of a namespace that is chosen by whoever applies it, in that namespace. */
  private static HasMetadata in(HasMetadata role, String namespace) {
    return role instanceof Role narrow && isChosen(role)
        ? narrow.toBuilder().editMetadata().withNamespace(namespace).endMetadata().build()
        : role;
  }

  private static boolean isChosen(HasMetadata role) {
    return role instanceof Role && CHOSEN.contains(role.getMetadata().getNamespace());
  }

  private static boolean isOfMachines(HasMetadata role) {
    String name = role.getMetadata().getName();
    return isChosen(role)
        || List.of("migrator-source", "migrator-target", "migrator-target-networks").contains(name);
  }

  /** Authorization follows a change after a moment. */
  private static void await(String what, BooleanSupplier condition) {
    for (int tries = 0; !condition.getAsBoolean(); tries++) {
      if (tries == PATIENCE) {
        throw new AssertionError("Never: " + what);
      }
      LockSupport.parkNanos(SOON);
    }
  }
}
