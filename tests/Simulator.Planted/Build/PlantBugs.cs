// Compiled by the build itself, as a task: see the project file.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes copies of sources into which the bugs of the catalogue are planted. A piece of source that a bug replaces must stand in its
/// file exactly once, and no two bugs may replace the same: else the build fails and names the bug, so that the catalogue cannot rot.</summary>
public sealed class PlantBugs : Task
{
    const string Switch = "PLANTED";

    [Required]
    public string Root { get; set; }

    [Required]
    public ITaskItem[] Bugs { get; set; }

    /// <summary>All that is compiled.</summary>
    [Required]
    public ITaskItem[] Sources { get; set; }

    /// <summary>Where the copies go.</summary>
    [Required]
    public string Folder { get; set; }

    /// <summary>The sources that the copies stand for.</summary>
    [Output]
    public ITaskItem[] Originals { get; set; }

    [Output]
    public ITaskItem[] Copies { get; set; }

    public override bool Execute()
    {
        var plants = Bugs.Select(bug => bug.GetMetadata("FullPath")).OrderBy(path => path, StringComparer.Ordinal).SelectMany(Read).ToList();
        var files = plants.GroupBy(plant => plant.File, StringComparer.Ordinal).ToList();
        foreach (var file in files) Copy(file.Key, file.ToList());
        var replaced = new HashSet<string>(files.Select(file => Path.GetFullPath(Path.Combine(Root, file.Key))));
        Originals = Sources.Where(source => replaced.Contains(source.GetMetadata("FullPath"))).ToArray();
        if (Originals.Length != files.Count) Log.LogError("A bug is planted in a file that is not compiled here.");
        Copies = files.Select(file => (ITaskItem)new TaskItem(CopyOf(file.Key))).ToArray();
        return !Log.HasLoggedErrors;
    }

    string CopyOf(string file) => Path.Combine(Folder, file);

    IEnumerable<Plant> Read(string bug)
    {
        var name = Path.GetFileNameWithoutExtension(bug);
        var plants = new List<Plant>();
        string file = null;
        List<string> original = null, planted = null, into = null;
        foreach (var line in File.ReadAllLines(bug).Concat(new[] { "file: end" }))
        {
            if (line == "--- original" || line == "--- planted")
            {
                if (line == "--- original") End();
                into = line == "--- original" ? original = new List<string>() : planted = new List<string>();
            }
            else if (line.StartsWith("file: ", StringComparison.Ordinal))
            {
                End();
                file = line.Substring(6).Trim();
            }
            else if (into != null) into.Add(line);
        }
        if (plants.Count == 0) Error(bug, name + " plants nothing: it needs a file, '--- original' and '--- planted'.");
        return plants;

        void End()
        {
            if (original != null && planted != null && file != null) plants.Add(new Plant { Bug = bug, Name = name, File = file, Original = Piece(original), Planted = Piece(planted) });
            else if (original != null || planted != null) Error(bug, name + ": '--- original', '--- planted' and a file belong together.");
            original = planted = into = null;
        }
    }

    static string Piece(List<string> lines) => string.Join("\n", lines).Trim();

    void Copy(string file, List<Plant> plants)
    {
        var path = Path.Combine(Root, file);
        if (!File.Exists(path))
        {
            foreach (var plant in plants) Error(plant.Bug, plant.Name + ": there is no file " + file + ".");
            return;
        }
        var source = File.ReadAllText(path).Replace("\r\n", "\n");
        foreach (var plant in plants)
        {
            var times = Times(source, plant.Original);
            if (times != 1) Error(plant.Bug, plant.Name + ": this stands " + times + " times in " + file + ", not once: " + plant.Original);
            if (!plant.Planted.Contains(Switch)) Error(plant.Bug, plant.Name + ": nothing asks whether the bug is " + Switch + ".");
            plant.At = source.IndexOf(plant.Original, StringComparison.Ordinal);
        }
        if (Log.HasLoggedErrors) return;
        Write(CopyOf(file), Planted(file, source, plants.OrderBy(plant => plant.At).ToList()));
    }

    string Planted(string file, string source, List<Plant> plants)
    {
        var text = new StringBuilder();
        var from = 0;
        foreach (var plant in plants)
        {
            if (plant.At < from) Error(plant.Bug, plant.Name + ": another bug replaces the same piece of " + file + ".");
            else text.Append(source, from, plant.At - from).Append(plant.Planted.Replace(Switch, "global::Evergrain.Simulator.Planted.Bug.IsOn(\"" + plant.Name + "\")"));
            from = Math.Max(from, plant.At + plant.Original.Length);
        }
        return text.Append(source, from, source.Length - from).ToString();
    }

    // What has not changed is not written, so that nothing is compiled for it.
    static void Write(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path));
        File.WriteAllText(path, text);
    }

    static int Times(string text, string piece)
    {
        var times = 0;
        for (var at = text.IndexOf(piece, StringComparison.Ordinal); at >= 0; at = text.IndexOf(piece, at + 1, StringComparison.Ordinal)) times++;
        return times;
    }

    void Error(string bug, string message) => Log.LogError(null, null, null, bug, 0, 0, 0, 0, message);

    sealed class Plant
    {
        public string Bug, Name, File, Original, Planted;
        public int At;
    }
}
