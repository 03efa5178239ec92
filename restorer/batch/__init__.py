"""Whole folders, unattended: 5,000 scans overnight, with nothing lost.

    recipe.py         what is done to every photo of a job, as data
    job.py            which photos, where to, and how, as data
    job_text.py       a job's figures in the words of a person
    find_photos.py    folders -> the photos in them
    file_identity.py  whether a file is one of the photos, whatever it is called
    result_paths.py   a photo's place in the folder of results; no two share one
    journal.py        SQLite: what was done to which photo; the only memory of a job
    schema.py         its tables, and a row as data
    item_steps.py     one item: read, recognise, write
    runner.py         run_items(...) -> iterator of events; pull the next to do the next piece of work
    multi_device.py   a runner for each of several devices, merged into one iterator
    job_dispatch.py   hands each event of a job to whoever shows it
    estimate.py       how long and how large, measured beforehand, learned while running
    watch.py          new photos of a folder, once they are complete
    report.py         HTML and CSV of what became of every photo
    cluster.py        the same items as Ray tasks on other machines

`restorer.cli.batch` is the command `restorer batch IN OUT`.

The promises are kept by three rules. An output appears under its name complete or not
at all (`restorer.photo.write_photo`). An item belongs to one process at a time, whose
claim ends with it. And an output says in its own metadata which photo and which recipe
it was made of, so one that the journal does not know of is recognised, not made again.
"""
