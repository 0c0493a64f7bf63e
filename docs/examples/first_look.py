# A first look from Python, cell by cell (VS Code and Jupyter read "# %%" as the start of a cell).

# %% Load a project: a folder's path, or nothing for the built-in Smart21 of 2019.
import icfscore

project = icfscore.load()
project

# %% Score it. The result shows itself as a table; to_frame() gives pandas.
result = project.score()
ranking = result.ranking.to_frame()
ranking[["name", "rank", "score", "coverage"]].head()

# %% Other weights, another method, another year: nothing is written anywhere.
geometric = project.score(
    weights={"sustain": 2},
    settings={
        "recipe.aggregation.kind": "geometric",
        "recipe.normalisation": {"kind": "min_max", "low": 1, "high": 100},
    },
)
moved = ranking["rank"] - geometric.ranking.to_frame()["rank"]
moved[moved != 0].sort_values()

# %% Every stage is there, from the observed values to the scores of each node.
result.stages["normalised"].to_frame().loc["binh_duong"].dropna()

# %% How sure is a place? "Between low and high in 90 % of the draws, under the stated assumptions."
draws = result.uncertainty(draws=2000, seed=2019)
ranks = draws.ranks.to_frame()
ranks.loc["binh_duong", ["rank", "low", "high"]]

# %% What drives it?
drivers = result.sensitivity(draws=512).factors.to_frame()
drivers["total"].sort_values(ascending=False).head()

# %% What is wrong with a project is told all at once.
try:
    icfscore.load("no-such-folder")
except icfscore.InputError as error:
    print(error)
