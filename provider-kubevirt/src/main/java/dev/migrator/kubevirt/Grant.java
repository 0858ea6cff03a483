package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import java.util.List;
import java.util.Locale;

/**
 * The roles that are shipped: rights that are given together, to one connection.
 *
 * <p>What each holds is said by {@link Rights} alone; the files in {@code rights/} are compared
 * with it.
 */
enum Grant {
  /** What every move needs of the cluster that a machine leaves. */
  SOURCE,
  /** What every move needs of the cluster that receives a machine. */
  TARGET,
  /** Adding an authority that every component of KubeVirt trusts: cluster-admin grade. */
  TRUST,
  /** Exporting the synchronization endpoint through multi-cluster services. */
  EXPORTS,
  /** Making a namespace that the target lacks. */
  NAMESPACES,
  /** Asking what the requester of a plan may do. */
  REQUESTERS,
  /** Hooks as Jobs and statuses as ConfigMaps, in one namespace of the host's cluster. */
  HOST;

  /** The sides whose connection needs it. */
  List<Side> sides() {
    return switch (this) {
      case SOURCE -> List.of(Side.SOURCE);
      case TARGET, EXPORTS, NAMESPACES -> List.of(Side.TARGET);
      case TRUST, REQUESTERS -> List.of(Side.SOURCE, Side.TARGET);
      case HOST -> List.of(Side.HOST);
    };
  }

  /** The name of the role and of its file: {@code migrator-source}. */
  String role() {
    return "migrator-" + name().toLowerCase(Locale.ROOT);
  }
}
