import Foundation

/// Where the programs of a deployment answer `/metrics`, as Prometheus reads it from a file (`file_sd_configs`).
struct ScrapeTargets {
    struct Group: Codable, Equatable, Sendable {
        let targets: [String]
        /// `job` is the program, `replica` which of its like.
        let labels: [String: String]
    }

    /// Sorted by replica; what has no address yet is left out.
    let groups: [Group]

    init(_ contents: RunFile.Contents) {
        let replicas = contents.replicas.map { title, entry in
            (job: title.split(separator: "-").dropLast().joined(separator: "-"), replica: title, entry: entry)
        }
        let all = contents.services.map { name, entry in (job: name, replica: name, entry: entry) } + replicas
        groups = all.sorted { $0.replica < $1.replica }.compactMap { job, replica, entry in
            guard let url = entry.url.flatMap(URL.init(string:)), let host = url.host(), let port = url.port else {
                return nil
            }
            return Group(targets: ["\(host):\(port)"], labels: ["job": job, "replica": replica])
        }
    }
}
